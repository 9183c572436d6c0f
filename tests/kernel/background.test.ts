import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = join(__dirname, "..", "..");

/** Runs in a process of its own, since Vitest has timers that begin and end meanwhile. */
const PROGRAM = `
  const { activity, settled } = require("./kernel/background.ts");
  const alive = setInterval(() => {}, 1000);
  const server = require("node:net").createServer().listen(0, "127.0.0.1", async () => {
    const before = activity();
    setTimeout(() => console.log("fired"), 100);
    server.close();
    await settled(before, 5000, new AbortController().signal);
    console.log("settled");
    clearInterval(alive);
  });`;

test("a timer that a cell starts is waited for, also where a server of before ends meanwhile", async () => {
  const args = ["--import", "tsx", "--eval", PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  expect(stdout.split("\n")).toEqual(["fired", "settled", ""]);
});
