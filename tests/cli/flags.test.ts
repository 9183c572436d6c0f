import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CliCommand } from "../../lib/cli/command";
import { buildProgram, COMMANDS } from "../../lib/cli/program";
import { settingsFrom } from "../../lib/cli/settings";
import { ConfigInvalid, listSettings, type Setting } from "../../lib/config";
import { run } from "./thumbrank";

interface Named {
  path: string[];
  command: CliCommand;
  parser: Command;
}

/** Every command and subcommand with its parser. */
function walk(commands: readonly CliCommand[], parent: Command, path: string[] = []): Named[] {
  return commands.flatMap((command) => {
    const parser = parent.commands.find((each) => each.name() === command.name);
    if (parser === undefined) throw new Error(`no parser of ${command.name}`);
    const here = [...path, command.name];
    return [{ path: here, command, parser }, ...walk(command.subcommands, parser, here)];
  });
}

const every = walk(COMMANDS, buildProgram()).map((each) => ({ ...each, name: each.path.join(" ") }));
const settingsIn = ({ settings }: CliCommand): Setting[] => Object.values(settings).flatMap(listSettings);
const camel = (flag: string) => flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
const ownOptions = (parser: Command) => parser.options.filter(({ long }) => long !== "--version");
const hasCamelCase = (text: string) => /\b[a-z]+[A-Z]\w*/.test(text);

const NUMBERS = [
  "0",
  "-1",
  "abc",
  "1e9",
  "NaN",
  "",
  " ",
  "Infinity",
  "-Infinity",
  "1e309",
  "1e-320",
  "0x10",
  "5 ",
  "1,5",
];
const TEXTS = [
  "99999999999999999999",
  "\u0000",
  "\u001b[31m",
  "null",
  "none",
  "true",
  "٣",
  "--help",
  "x".repeat(100_000),
];

/** Something for each flag that may not be left out. */
function requiredFlags(command: CliCommand): Record<string, unknown> {
  return Object.fromEntries(
    settingsIn(command)
      .filter(({ required }) => required)
      .map(({ flag, kind, choices }) => [camel(flag), kind === "list" ? [choices[0] ?? "x"] : (choices[0] ?? "./x")]),
  );
}

describe.each(every)("$name", ({ command, parser, path }) => {
  test("has an option for each setting, and no other", () => {
    const flags = settingsIn(command).map(({ flag, initial, kind }) =>
      kind === "switch" && initial === true ? `--no-${flag}` : `--${flag}`,
    );
    expect(ownOptions(parser).map(({ long }) => long)).toEqual(flags);
    expect(new Set(flags).size).toBe(flags.length);
  });

  test("bounds every number and every text", () => {
    for (const { kind, range, form, flag, description } of settingsIn(command)) {
      expect(description, flag).not.toBe("");
      if (kind === "number")
        expect(range, flag).toMatch(/^(above )?-?[\d.]+ to [\d.]+(e\+\d+)?(, a multiple of 4)?(, or all)?$/);
      if (kind === "number") expect(form, flag).toMatch(/^(a whole number|a number) /);
      expect(form, flag).not.toContain("undefined");
    }
  });

  test("takes a hostile value as what its setting allows, or refuses it with the flag and what it must be", () => {
    for (const [group, schema] of Object.entries(command.settings)) {
      for (const setting of listSettings(schema).filter(({ kind }) => kind !== "switch")) {
        for (const value of [...NUMBERS, ...TEXTS]) {
          const given = setting.kind === "list" || setting.kind === "pairs" ? [value] : value;
          const flags = { ...requiredFlags(command), [camel(setting.flag)]: given };
          try {
            expectTaken(setting, settingsFrom(command.settings, flags)[group]?.[setting.key], value);
          } catch (thrown) {
            if (!(thrown instanceof ConfigInvalid)) throw thrown;
            expect(thrown.issues).toEqual([expect.stringMatching(new RegExp(`^--${setting.flag} ".*": must `))]);
            expect(thrown.message.length).toBeLessThan(500);
          }
        }
      }
    }
  });

  test("help describes what each flag does", () => {
    for (const option of ownOptions(parser)) expectHelp(option, settingsIn(command));
    expect(hasCamelCase(withoutChoices(command.summary))).toBe(false);
  });

  test("examples of help are command lines that parse", () => {
    expect(command.examples.length).toBeGreaterThan(0);
    for (const example of command.examples) {
      const args = (example.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ""));
      expect(() => parsed([...path, ...args]), example).not.toThrow();
    }
  });
});

/** Numbers are within their bounds, texts as they were given. */
function expectTaken({ kind, range, nullable, key }: Setting, taken: unknown, given: string): void {
  if (taken === null) expect(nullable, key).toBe(true);
  else if (kind === "text") expect(taken, key).toBe(given);
  if (kind !== "number" || taken === null) return;
  const [least = 0, most = 0] = (range?.match(/[\d.]+(e\+\d+)?/g) ?? []).map(Number);
  expect(taken, key).toBe(Number(given));
  expect(taken).toBeGreaterThanOrEqual(least);
  expect(taken).toBeLessThanOrEqual(most);
}

function expectHelp({ long, description }: Option, settings: Setting[]): void {
  const flag = long?.replace(/^--(no-)?/, "");
  const setting = settings.find((each) => each.flag === flag);
  expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/);
  expect(hasCamelCase(withoutChoices(description, setting)), description).toBe(false);
  if (long?.startsWith("--no-")) expect(description, long).toMatch(/^(do not|leave|without) /);
  else expect(description, long).toContain(setting?.description);
  for (const choice of setting?.choices ?? []) expect(description, long).toContain(choice);
  if (setting?.required) expect(description, long).toContain("required");
  if (setting?.nullable) expect(description, long).toContain("none");
  expect(description.match(/default:/g)?.length ?? 0, long).toBeLessThanOrEqual(1);
  for (const [name] of description.matchAll(/(?<![\w-])--[a-z][\w-]*/g))
    expect(
      settings.map((each) => `--${each.flag}`),
      description,
    ).toContain(name);
}

/** Values are as they are; THUMBRANK_HOME and GPU are names too, and so are methods of YouTube's API. */
const withoutChoices = (text: string, setting?: Setting) =>
  ["YouTube", "batchGetStats", ...(setting?.choices ?? [])].reduce((rest, name) => rest.replaceAll(name, ""), text);

/** Parses a command line without running it. @throws what commander and the settings throw */
function parsed(args: string[]): void {
  const program = buildProgram();
  for (const { command, parser } of walk(COMMANDS, program)) {
    if (command.run) parser.action(() => void settingsFrom(command.settings, parser.optsWithGlobals()));
  }
  program.parse(["node", "thumbrank", ...args]);
}

describe("as a process", () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "thumbrank-flags-"));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test.each([
    ["embed", "--image", "descriptor", "--text", "title-hash", "--batch-size", "0"],
    ["train", "--checkpoint-minutes", "abc"],
    ["train", "--checkpoint-minutes", "-1", "--checkpoint-steps", "abc", "--hidden-dim", "1e9"],
    ["worker", "--queue", "videos", "--concurrency", "0", "--watch-seconds", "0"],
    ["sample", "--channels", "abc"],
    ["purge", "--older-than-days", "1e9"],
    ["collect", "--plan", "--channels", "1e9"],
  ])("%s %s %s is refused before anything is opened", async (...args) => {
    const { code, stderr } = await run([...args, "--data-dir", home]);
    expect(stderr).toMatch(/^CONFIG_INVALID: /);
    expect(code).toBe(1);
    expect(existsSync(join(home, "data"))).toBe(false);
  });

  test("the most that a plan takes is planned", async () => {
    const most = ["--channels", "1000000", "--per-channel", "20000", "--units-limit", "100000000"];
    const { code, stdout } = await run(["collect", "--plan", ...most, "--data-dir", home]);
    expect(stdout).toContain("20,000,000,000 videos");
    expect(code).toBe(0);
  });

  test.each([
    [["--version"], 0, /^\d+\.\d+\.\d+\n$/],
    [["--help"], 0, /Start:.*Data:.*Training:.*Results:.*Server:/s],
    [["train", "--help"], 0, /Training:.*Run:.*Engine:.*Common:.*Examples:/s],
    [["--epohcs"], 1, /^$/],
  ])("thumbrank %j ends with %d", async (args, code, stdout) => {
    expect(await run(args)).toMatchObject({ code, stdout: expect.stringMatching(stdout) });
  });

  test.each([
    [["trian"], "COMMAND_INVALID: unknown command 'trian' (Did you mean train?)\nNext: "],
    [["train", "--epohcs", "3"], "COMMAND_INVALID: unknown option '--epohcs' (Did you mean --epochs?)\nNext: "],
    [["train", "--epochs"], "COMMAND_INVALID: option '--epochs <epochs>' argument missing\nNext: "],
    [["rank"], "COMMAND_INVALID: missing required argument 'image'\nNext: "],
    [["embed"], "CONFIG_INVALID: these settings cannot be used: --image is required: one of descriptor, clip-vit-l-14"],
  ])("thumbrank %j says what is wrong, and what to do", async (args, message) => {
    expect(await run(args)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
  });
});
