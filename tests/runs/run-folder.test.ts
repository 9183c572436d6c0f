import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type RunOptions, runFolder, trainRun } from "../../lib/runs";

test("a run's name is one plain folder name", () => {
  expect(runFolder({ checkpoints: "checkpoints" }, "first.run-2")).toBe(join("checkpoints", "first.run-2"));
  for (const name of ["", ".", "..", "../x", "a/b", "a\\b", "/etc", ".tmp-1-x", "a\0b", "x".repeat(65)])
    expect(() => runFolder({ checkpoints: "checkpoints" }, name)).toThrow(/cannot name a run/);
});

test("overwriting a run that would lie outside deletes nothing", async () => {
  const home = await mkdtemp(join(tmpdir(), "thumbrank-run-"));
  await writeFile(join(home, "precious"), "");
  const paths = { checkpoints: join(home, "checkpoints"), models: join(home, "models"), runs: join(home, "runs") };
  const options = { name: "..", paths, numEpochs: 1, overwrite: true } as unknown as RunOptions;
  await expect(trainRun(options).next()).rejects.toMatchObject({ code: "RUN_NAME_INVALID" });
  expect(await readdir(home)).toEqual(["precious"]);
  await rm(home, { recursive: true });
});
