import { Command } from "commander";
import { expect, test } from "vitest";
import { EngineSettings, engineOptions } from "../../lib/cli/engine-flags";
import { makeOptions, settingsFrom } from "../../lib/cli/settings";

function optionsFrom(...args: string[]) {
  const command = new Command().exitOverride();
  for (const option of makeOptions({ engine: EngineSettings })) command.addOption(option);
  return engineOptions(settingsFrom({ engine: EngineSettings }, command.parse(args, { from: "user" }).opts()).engine);
}

test("flags become the engine's options; what is left out is left to the engine", () => {
  expect(optionsFrom()).toEqual({ backend: "auto", precision: "float32", xla: false });
  expect(optionsFrom("--threads", "auto", "--device", "cpu")).toEqual({ ...optionsFrom(), device: "cpu" });
  expect(optionsFrom("--threads", "2,8", "--device", "gpu:1", "--precision", "bfloat16", "--xla")).toEqual({
    backend: "auto",
    precision: "bfloat16",
    xla: true,
    device: "gpu:1",
    intraOpThreads: 2,
    interOpThreads: 8,
  });
});

test.each([
  ["--device", "gpu"],
  ["--device", "gpu:-1"],
  ["--threads", "2"],
  ["--threads", "0,2"],
  ["--threads", "1,2,3"],
  ["--threads", "99999999,99999999"],
  ["--threads", "2,513"],
])("%s %s is refused with what fits", (flag, value) => {
  expect(() => optionsFrom(flag, value)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  expect(() => optionsFrom(flag, value)).toThrow(flag.slice(2));
});
