import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../house/files";
import { notebookOf, type Planted } from "./plant";
import { broken, proseShare, rules, type Shelf, walkthrough } from "./rules";

const folder = join(root, "notebooks");
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const ours: Shelf = {
  notebooks: Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), "utf8")])),
  exists: (path) => existsSync(join(root, path)),
};

test("the walkthrough is complete and numbered", () => {
  expect(names.filter((name) => /^0[0-7]/.test(name)).sort()).toEqual(walkthrough);
});

for (const rule of Object.keys(rules))
  test(`our notebooks: ${rule}`, () => {
    expect(broken(rule, ours)).toEqual([]);
  });

// Each rule can fail: one good notebook, and changes of it that each break one rule.

const parameters = `let profile: "smoke" | "sample" | "full" = "sample";\nlet home: string | null = null; // where\nlet seed: number = 0;`;
const good = {
  title: {
    prose: "# 03 · Pairs\n\nWhat this step is for, why it is done so, and what can go wrong, in plain words.",
  } as Planted,
  parameters: { code: parameters, tags: ["parameters"] } as Planted,
  imports: `import { promise } from "./lib/notebook";` as Planted,
  text: { prose: "As [before](02_store.ipynb#why), with [a source](https://example.org/a). ".repeat(6) } as Planted,
  code: "const a = 1;\nconst b = 2;\na + b;" as Planted,
  end: `promise("a sum", a + b === 3);` as Planted,
  link: { prose: "On to [04 · Embed](04_embed.ipynb)" } as Planted,
};
const bad = (changes: Partial<Record<keyof typeof good, Planted>>) =>
  notebookOf(...Object.values({ ...good, ...changes }));
const shelf = (text: string): Shelf => ({
  notebooks: { "03_pairs.ipynb": text },
  exists: (path) => walkthrough.includes(path.replace("notebooks/", "")),
});
const changed = (change: (notebook: { cells: Record<string, unknown>[]; metadata: object }) => void) => {
  const notebook = JSON.parse(bad({}));
  change(notebook);
  return JSON.stringify(notebook);
};
const linesOf = (count: number) => Array.from({ length: count }, (_, at) => `const c${at} = ${at};`).join("\n");
const tagged = (code: string): Planted => ({ code, tags: ["parameters"] });

const planted: Record<string, string[]> = {
  "no outputs": [changed(({ cells }) => Object.assign(cells[4] ?? {}, { outputs: [{ output_type: "stream" }] }))],
  "no execution counts": [changed(({ cells }) => Object.assign(cells[4] ?? {}, { execution_count: 1 }))],
  "short cells": [
    bad({ code: linesOf(16), text: { prose: "long ".repeat(300) } }),
    bad({ imports: linesOf(7), code: linesOf(8), end: `${linesOf(7)}\npromise("x", true);` }),
  ],
  "prose enough": [bad({ text: { prose: "short" } })],
  "one cell of typed parameters": [
    bad({ parameters }),
    bad({ code: tagged(parameters) }),
    bad({ parameters: tagged(parameters.replace("seed: number", "seed")) }),
    bad({ parameters: tagged(parameters.replace("let seed", "const seed")) }),
    bad({ parameters: tagged(parameters.replace("let seed: number = 0;", "let seed: number;")) }),
    bad({ parameters: tagged(parameters.replace("seed", "sead")) }),
  ],
  "title with its number": [
    bad({ title: { prose: "# 04 · Pairs" } }),
    bad({ title: { prose: "Pairs" } }),
    bad({ title: "1;" }),
  ],
  "promises at the end": [bad({ end: "a + b === 3;" })],
  "a link onward": [bad({ link: { prose: "The end. [Back](02_store.ipynb)" } }), bad({ link: "1;" })],
  "our kernel": [changed(({ metadata }) => Object.assign(metadata, { kernelspec: { name: "tslab" } }))],
  "links that lead somewhere": [bad({ link: { prose: "On to [04](04_embed.ipynb), or to [14](14_embed.ipynb)" } })],
  "no folder of a machine": [bad({ code: `const home = "${["", "home", "me", "data"].join("/")}";` })],
  "rooms by their index": [bad({ imports: `import { promise } from "./lib/notebook/promise";` })],
};

test("a good notebook breaks no rule", () => {
  for (const rule of Object.keys(rules)) expect(broken(rule, shelf(bad({})))).toEqual([]);
});

for (const rule of Object.keys(rules))
  test(`a bad notebook breaks: ${rule}`, () => {
    expect(planted[rule]?.length).toBeGreaterThan(0);
    for (const text of planted[rule] ?? []) expect(broken(rule, shelf(text))).not.toEqual([]);
  });

test("the share of prose is that of its characters", () => {
  const cells = (JSON.parse(notebookOf({ prose: "1234" }, "123456")) as { cells: Parameters<typeof proseShare>[0] })
    .cells;
  expect(proseShare(cells)).toBe(0.4);
});
