import { expect, test } from "vitest";
import { run, start } from "./thumbrank";

test.each([
  [["help", "trian"], "unknown command 'trian' (Did you mean train?)"],
  [["help", "nonsense"], "unknown command 'nonsense'"],
  [["help", "store", "stauts"], "unknown command 'stauts' (Did you mean status?)"],
  [["store", "help", "stauts"], "unknown command 'stauts' (Did you mean status?)"],
  [["help", "import", "videos.csv"], "unknown command 'videos.csv'"],
])("%j names what there is not", async (args, what) => {
  const { code, stdout, stderr } = await run(args);
  expect([code, stdout, stderr.split("\n")[0]]).toEqual([1, "", `COMMAND_INVALID: ${what}`]);
});

test.each([
  [["help"], "Usage: thumbrank [options] [command]"],
  [["help", "train"], "Usage: thumbrank train [options]"],
  [["help", "store"], "Usage: thumbrank store [options] [command]"],
  [["help", "store", "status"], "Usage: thumbrank store status [options]"],
  [["store", "help", "status"], "Usage: thumbrank store status [options]"],
])("%j shows help, whatever the proxy", async (args, usage) => {
  const { code, stdout } = await run(args, { HTTPS_PROXY: "no proxy" });
  expect([code, stdout.split("\n")[0]]).toEqual([0, usage]);
});

test("a reader that stops reading is no failure, and ends no work", async () => {
  const { child, outcome } = start(["train", "--help"]);
  child.stdout?.destroy();
  expect(await outcome).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
});
