import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "./folder";

const CHILD = join(__dirname, "embed-child.ts");

/** Runs the child until it ends, or kills it once it has printed a line and some milliseconds have passed. */
function run(home: string, killAt?: { line: string; afterMs: number }): Promise<NodeJS.Signals | number | null> {
  const child = spawn(process.execPath, ["--import", "tsx", CHILD, home], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (killAt && printed.includes(`${killAt.line}\n`)) setTimeout(() => child.kill("SIGKILL"), killAt.afterMs);
  });
  return new Promise((resolve) => child.on("exit", (code, signal) => resolve(signal ?? code)));
}

async function filesOf(home: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const folder of await readdir(join(home, "embeddings"))) {
    for (const name of ["vectors.f32", "rows.jsonl", "identity.json"]) {
      files.set(`${folder}/${name}`, await readFile(join(home, "embeddings", folder, name)));
    }
  }
  return files;
}

test("killed several times and run again, CLIP and MiniLM leave the same files, byte for byte", {
  timeout: 240_000,
}, async () => {
  const whole = await temporaryFolder();
  const killed = await temporaryFolder();
  expect(await run(whole)).toBe(0);
  for (const killAt of [
    { line: "embed pictures 8", afterMs: 15 },
    { line: "embed pictures 24", afterMs: 40 },
    { line: "embed titles 12", afterMs: 3 },
  ]) {
    expect(await run(killed, killAt)).toBe("SIGKILL");
  }
  expect(await run(killed)).toBe(0);
  expect(await filesOf(killed)).toEqual(await filesOf(whole));
});
