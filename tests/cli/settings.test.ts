import { Command } from "commander";
import { expect, test } from "vitest";
import { z } from "zod";
import { CommonSettings } from "../../lib/cli/context";
import { givenSettings, makeOptions, type SettingGroups, settingsFrom } from "../../lib/cli/settings";
import { PairOptions, QualityOptions, TrainingOptions } from "../../lib/config";
import { TableOptions } from "../../lib/config/data";

function parse<Groups extends SettingGroups>(groups: Groups, ...args: string[]) {
  const command = new Command().exitOverride();
  for (const option of makeOptions(groups)) command.addOption(option);
  return settingsFrom(groups, command.parse(args, { from: "user" }).opts());
}

const training = (...args: string[]) => parse({ training: TrainingOptions }, ...args).training;
const pairs = (...args: string[]) => parse({ pairs: PairOptions }, ...args).pairs;

test("no flag gives the guide's defaults", () => {
  expect(training()).toEqual(TrainingOptions.parse({}));
});

test("flags are kebab case, may have a name of their own, and are of their setting's type", () => {
  const options = training("--epochs", "20", "--lr", "1e-4", "--no-use-swa");
  expect(options).toMatchObject({ epochs: 20, learningRate: 1e-4, useSwa: false });
});

test("settings that flags set are told from defaults, even if the value is the default", () => {
  const given = (...args: string[]) => {
    const command = new Command().exitOverride();
    for (const option of makeOptions({ training: TrainingOptions })) command.addOption(option);
    const flags = command.parse(args, { from: "user" }).opts();
    return givenSettings(TrainingOptions, settingsFrom({ training: TrainingOptions }, flags).training, flags);
  };
  expect(given()).toEqual({});
  expect(given("--epochs", "200", "--lr", "1e-4")).toEqual({ epochs: 200, learningRate: 1e-4 });
  expect(given("--no-use-swa")).toEqual({ useSwa: false });
});

test("a text that looks like a number, or like none, stays a text", () => {
  const groups = { ranking: z.strictObject({ title: z.string().optional() }) };
  expect(parse(groups, "--title", "2024").ranking).toEqual({ title: "2024" });
  expect(parse(groups, "--title", "none").ranking).toEqual({ title: "none" });
});

test.each(["none", "null", "None"])("%s is null where a setting takes none", (none) => {
  expect(pairs("--max-pairs-per-channel", none)).toMatchObject({ maxPairsPerChannel: null });
  expect(parse({ quality: QualityOptions }, "--language", none).quality).toMatchObject({ language: null });
});

test("a list takes commas, or its flag several times", () => {
  const groups = {
    lists: z.strictObject({
      niches: z.array(z.string()).default(["tech"]).meta({ commas: true }),
      map: z.array(z.string()).default([]),
    }),
  };
  expect(parse(groups).lists).toEqual({ niches: ["tech"], map: [] });
  expect(parse(groups, "--niches", "a, b", "--map", "x=1,2", "--map", "y=3").lists).toEqual({
    niches: ["a", "b"],
    map: ["x=1,2", "y=3"],
  });
});

test("pairs are read from a flag that is given several times, and refused where they are none", () => {
  const groups = { table: TableOptions };
  const { table } = parse(groups, "--map", "views=viewCount", "--map", "title=a=b", "--delimiter", "tab");
  expect(table).toMatchObject({ map: { views: "viewCount", title: "a=b" }, delimiter: "\t", encoding: null });
  expect(() => parse(groups, "--map", "views")).toThrow('--map "views": must be NAME=VALUE with NAME one of video_id');
  expect(() => parse(groups, "--set", "likes=1", "--set", "nope=1")).toThrow("must be NAME=VALUE");
  expect(() => parse(groups, "--delimiter", "ab")).toThrow("must be one character that is neither letter nor digit");
});

test.each([
  ["abc", '--epochs "abc": must be a whole number from 1 to 100000 (epochs)'],
  ["", '--epochs "": must be a whole number from 1 to 100000 (epochs)'],
  ["0x10", '--epochs "0x10": must be a whole number from 1 to 100000 (epochs)'],
  ["Infinity", '--epochs "Infinity": must be a whole number from 1 to 100000 (epochs)'],
  ["-3", '--epochs "-3": must be a whole number from 1 to 100000 (epochs)'],
  ["none", '--epochs "none": must be a whole number from 1 to 100000 (epochs)'],
])("--epochs %j is refused with what was given and what it must be", (given, message) => {
  expect(() => training("--epochs", given)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  expect(() => training("--epochs", given)).toThrow(message);
});

test("all wrong flags of all groups are named at once", () => {
  const both = { training: TrainingOptions, pairs: PairOptions };
  expect(() => parse(both, "--lr", "0", "--proxy", "likes", "--pair-window-days", "1e9")).toThrow(
    expect.objectContaining({
      issues: [
        '--lr "0": must be a number above 0 to 100',
        '--proxy "likes": must be one of viewsPerHour, ageAdjusted, residual, snapshots',
        '--pair-window-days "1e9": must be a number from 0.001 to 36500 (days)',
      ],
    }),
  );
});

test("a rule on two settings names the flag that breaks it", () => {
  expect(() => pairs("--snapshot-to-hours", "24")).toThrow('--snapshot-to-hours "24": must be later');
});

test("a required flag that is left out is named with what it takes", () => {
  const groups = { encoders: z.strictObject({ image: z.enum(["a", "b"]) }) };
  expect(() => parse(groups)).toThrow("--image is required: one of a, b");
});

test("help shows description, range and default of each setting", () => {
  const schema = z.strictObject({
    hiddenDim: z.number().int().min(4).max(64).default(8).meta({ description: "width of the features" }),
  });
  const command = new Command().configureHelp({ helpWidth: 120 });
  for (const option of makeOptions({ schema })) command.addOption(option);
  expect(command.helpInformation()).toMatch(/--hidden-dim <number>\s+width of the features \(4 to 64; default: 8\)/);
});

test("an address in place of a path is refused as such, without its password", () => {
  expect(() => settingsFrom({ common: CommonSettings }, { dataDir: "postgres://me:geheim@h/d" })).toThrow(
    '--data-dir "postgres://me:***@h/d": must be a path; an address',
  );
});
