import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testedBlocks } from "./blocks";

const root = join(__dirname, "..", "..");
const minutes = 60_000;
const blocks = testedBlocks(await readFile(join(root, "README.md"), "utf8"));
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-readme-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Runs a command as a reader would, in the project's root, but with results in a folder of its own. */
async function type(command: string): Promise<void> {
  // A server of the machine's environment would be another store than the README's.
  const { DATABASE_URL, ...environment } = process.env;
  await promisify(execFile)("bash", ["-euo", "pipefail", "-c", command], {
    cwd: root,
    env: { ...environment, THUMBRANK_HOME: home },
    maxBuffer: 1 << 26,
  });
}

test("the README marks commands as tested", () => {
  expect(blocks.length).toBeGreaterThan(0);
});

// The blocks build on each other: they run in the README's order.
for (const { line, commands } of blocks) {
  test(`README.md, line ${line}: ${commands.join("; ")}`, { timeout: 10 * minutes }, async () => {
    for (const command of commands) await expect(type(command)).resolves.toBeUndefined();
  });
}
