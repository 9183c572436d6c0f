import { Command } from "commander";
import { expect, test } from "vitest";
import { type EngineFlags, engineFlags, engineOptions } from "../../lib/cli/engine-flags";

function optionsOf(...args: string[]) {
  const command = engineFlags(new Command()).exitOverride();
  return engineOptions(command.parse(args, { from: "user" }).opts<EngineFlags>());
}

test("flags become the engine's options; what is left out is left to the engine", () => {
  expect(optionsOf()).toEqual({ backend: "auto", precision: "float32", xla: false });
  expect(optionsOf("--threads", "auto", "--device", "cpu")).toEqual({ ...optionsOf(), device: "cpu" });
  expect(optionsOf("--threads", "2,8", "--device", "gpu:1", "--precision", "bfloat16", "--xla")).toEqual({
    ...{ backend: "auto", precision: "bfloat16", xla: true },
    ...{ device: "gpu:1", intraOpThreads: 2, interOpThreads: 8 },
  });
});

test.each([
  ["--device", "gpu"],
  ["--device", "gpu:-1"],
  ["--threads", "2"],
  ["--threads", "0,2"],
  ["--threads", "1,2,3"],
])("%s %s is refused with what fits", (flag, value) => {
  expect(() => optionsOf(flag, value)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  expect(() => optionsOf(flag, value)).toThrow(flag.slice(2));
});
