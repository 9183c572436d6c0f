import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { figuresOf, hasPapermill, type Output, papermillRun } from "./executed";
import { temporaryFolder } from "./plant";
import { walkthrough } from "./rules";

const home = temporaryFolder();
const results = temporaryFolder();
const executed = new Map<string, Output[]>();
const needed = hasPapermill ? "" : " (needs .venv/bin/papermill)";
const errorsOf = (outputs: Output[]) => outputs.filter(({ output_type }) => output_type === "error");
const saysOf = (outputs: Output[]) => outputs.flatMap(({ text }) => text ?? []).join("");

/** A notebook takes some 15 seconds; other work on the machine may make it minutes. */
const options = { timeout: 600_000 };

// In order and in one home: each finds what those before it left.
for (const notebook of walkthrough)
  test.skipIf(!hasPapermill)(`${notebook} runs headless in the smoke profile${needed}`, options, async () => {
    const outputs = await papermillRun(notebook, join(results, notebook), home);
    executed.set(notebook, outputs);
    expect(errorsOf(outputs)).toEqual([]);
    expect(saysOf(outputs)).toContain("✓");
    if (!notebook.startsWith("00")) expect(figuresOf(outputs).length).toBeGreaterThan(0);
  });

test.skipIf(!hasPapermill)(`what the notebooks make lies in their home${needed}`, () => {
  const made = ["runs", "models"].map((folder) => join(home, "data", "notebooks", "smoke", folder));
  expect(made.filter((folder) => !existsSync(join(folder, "thumbnail_ranking_model")))).toEqual([]);
});

test.skipIf(!hasPapermill)(
  `a notebook run again, from the file system's root, shows the same figures${needed}`,
  options,
  async () => {
    const again = await papermillRun("03_pairs.ipynb", join(results, "again.ipynb"), home, { cwd: "/" });
    expect(errorsOf(again)).toEqual([]);
    expect(figuresOf(again)).toEqual(figuresOf(executed.get("03_pairs.ipynb") ?? []));
  },
);
