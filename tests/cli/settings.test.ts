import { Command } from "commander";
import { expect, test } from "vitest";
import { z } from "zod";
import { addSettings, settingsFrom } from "../../lib/cli/settings";
import { PairOptions, TrainingOptions } from "../../lib/config";

function parse(schema: typeof TrainingOptions | typeof PairOptions, args: string[], names = {}) {
  const command = addSettings(new Command().exitOverride(), schema, names).parse(args, { from: "user" });
  return settingsFrom(command.opts(), schema, names);
}

test("no flag gives the guide's defaults", () => {
  expect(parse(TrainingOptions, [])).toEqual(TrainingOptions.parse({}));
});

test("flags are kebab case, may be renamed, and are numbers where they look like numbers", () => {
  const names = { learningRate: "lr" };
  const options = parse(TrainingOptions, ["--epochs", "20", "--lr", "1e-4", "--no-use-swa"], names);
  expect(options).toMatchObject({ epochs: 20, learningRate: 1e-4, useSwa: false });
});

test("none is null", () => {
  expect(parse(PairOptions, ["--max-pairs-per-channel", "none"])).toMatchObject({ maxPairsPerChannel: null });
});

test("a value that does not fit is refused with the setting's name", () => {
  expect(() => parse(TrainingOptions, ["--epochs", "-3"])).toThrow(/epochs: /);
  expect(() => parse(PairOptions, ["--proxy", "likes"])).toThrow(/proxy: /);
});

test("help shows the description and the default of each setting", () => {
  const schema = z.strictObject({ hiddenDim: z.number().default(512).describe("width of the features") });
  expect(addSettings(new Command(), schema).helpInformation()).toMatch(
    /--hidden-dim <value>\s+width of the features \(default: 512\)/,
  );
});
