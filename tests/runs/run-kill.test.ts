import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { random } from "../../lib/base/random";

const PROGRAM = join(__dirname, "programs", "train-run.ts");
const LOADER = pathToFileURL(require.resolve("tsx")).href;
const EPOCHS = 6;
const STEPS = 8 * EPOCHS;
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

interface Ended {
  signal: string | null;
  /** What was printed. */
  said: string;
}

/** Trains in a process of its own. */
function train(folder: string, ...killed: number[]): Promise<Ended> {
  const args = ["--import", LOADER, PROGRAM, folder, String(EPOCHS), ...killed.map(String)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (piece: Buffer) => {
    said += piece;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_, signal) => resolve({ signal, said }));
  });
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "run-kill-"));
  folders.push(folder);
  return folder;
}

test("a run killed at random moments ends with the bytes of one that was never killed", async () => {
  const whole = JSON.parse((await train(await newFolder())).said) as object;
  expect(whole).toMatchObject({ progress: { globalStep: STEPS, swaCount: EPOCHS - 2 } });
  const folder = await newFolder();
  const { integer, uniform } = random("run-kill");
  for (let kill = 0; kill < 2; kill++)
    expect(await train(folder, 4 + integer(STEPS / 8), 10 * uniform())).toEqual({ signal: "SIGKILL", said: "" });
  expect(JSON.parse((await train(folder)).said)).toEqual(whole);
});
