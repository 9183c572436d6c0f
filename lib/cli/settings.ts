import { Option } from "commander";
import type { z } from "zod";
import { ConfigInvalid, listSettings, refusalText, type Setting, type SettingsSchema, selectIssues } from "../config";

/** A command's settings: groups of flags, each a schema with a title. Flag names are unique within a command. */
export type SettingGroups = Record<string, SettingsSchema>;

/** A command's parsed settings, by group. */
export type Settings<Groups extends SettingGroups> = { [Name in keyof Groups]: z.output<Groups[Name]> };

/** Flags as given on the command line, keyed by their name in camel case. */
export type RawFlags = Record<string, unknown>;

/** Makes the options of a command: one for each setting, under the title of its schema. */
export function makeOptions(groups: SettingGroups): Option[] {
  return Object.values(groups).flatMap((schema) =>
    listSettings(schema).map((setting) => makeOption(setting).helpGroup(`${schema.meta()?.title ?? "Options"}:`)),
  );
}

/**
 * Parses a command's flags into its settings; omitted flags get the schema's default.
 * @throws ConfigInvalid, which lists every wrong flag with its value and what it must be
 */
export function settingsFrom<Groups extends SettingGroups>(groups: Groups, flags: RawFlags): Settings<Groups> {
  const issues: string[] = [];
  const read = Object.entries(groups).map(([name, schema]) => {
    const settings = listSettings(schema);
    const given = settings
      .map((setting) => ({ setting, value: flags[camel(setting.flag)] }))
      .filter(({ value }) => value !== undefined);
    const parsed = schema.safeParse(
      Object.fromEntries(given.map(({ setting, value }) => [setting.key, parsedValue(setting, value)])),
    );
    if (parsed.success) return [name, parsed.data];
    const wrong = selectIssues(parsed.error).map((issue) => {
      const setting = settings.find(({ key }) => key === issue.path[0]);
      if (setting === undefined) return issue.message;
      return refusal(setting, flags[camel(setting.flag)], issue.code === "custom" ? issue.message : undefined);
    });
    issues.push(...new Set(wrong));
    return [name, undefined];
  });
  if (issues.length > 0) throw new ConfigInvalid(issues);
  return Object.fromEntries(read);
}

/**
 * The settings of a schema that a command line sets, as opposed to those that got a default. A switch that is on by
 * default counts only if it is turned off, since commander sets it either way.
 * @param parsed the settings as `settingsFrom` parsed them
 */
export function givenSettings<Parsed extends Record<string, unknown>>(
  schema: SettingsSchema,
  parsed: Parsed,
  flags: RawFlags,
): Partial<Parsed> {
  const isGiven = ({ flag, kind, initial }: Setting) => {
    const value = flags[camel(flag)];
    return value !== undefined && !(kind === "switch" && value === initial);
  };
  const given = listSettings(schema).filter(isGiven);
  return Object.fromEntries(given.map(({ key }) => [key, parsed[key]])) as Partial<Parsed>;
}

function makeOption(setting: Setting): Option {
  const { flag, kind, initial } = setting;
  if (kind === "switch") {
    return initial === true
      ? new Option(`--no-${flag}`, setting.off ?? "")
      : new Option(`--${flag}`, setting.description);
  }
  const option = new Option(`--${flag} <${setting.placeholder}>`, helpText(setting));
  if (kind !== "list" && kind !== "pairs") return option;
  return option.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
}

/** Such as "passes over the training pairs (1 to 100000, default: 200)". */
function helpText({ description, choices, range, required, initial, nullable, kind }: Setting): string {
  const facts = [
    ...(required ? ["required"] : []),
    ...(kind === "choice" || kind === "pairs" ? [choices.join(", ")] : []),
    ...(kind === "list" && choices.length > 0 ? [`of ${choices.join(", ")}`] : []),
    ...(range === undefined ? [] : [nullable ? `${range}, or none` : range]),
    ...(initial === undefined || kind === "pairs" ? [] : [`default: ${initial === null ? "none" : String(initial)}`]),
  ];
  return facts.length === 0 ? description : `${description} (${facts.join("; ")})`;
}

/** Converts a flag's value to the type of its setting; the schema refuses what cannot be converted. */
export function parsedValue({ kind, nullable, commas }: Setting, given: unknown): unknown {
  if (Array.isArray(given)) {
    const values = given.map(String);
    if (kind === "pairs") return pairsIn(values) ?? given;
    return commas ? values.flatMap((value) => value.split(",")).map((value) => value.trim()) : values;
  }
  if (typeof given !== "string") return given;
  if (nullable && /^(none|null)$/i.test(given)) return null;
  if (kind === "switch" && /^(true|false)$/.test(given)) return given === "true";
  return kind === "number" && DECIMAL.test(given) ? Number(given) : given;
}

/** Parses texts such as "views=viewCount" into names and values; undefined if one has another form. */
function pairsIn(texts: string[]): Record<string, string> | undefined {
  const pairs = texts.map((text) => /^([^=]+)=(.+)$/s.exec(text));
  if (pairs.includes(null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1]?.trim(), pair?.[2]?.trim()]));
}

/** Numbers as people write them: 5, -0.5, .5, 2e-5; no hexadecimal, blanks or Infinity. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function refusal(setting: Setting, given: unknown, message?: string): string {
  const name = `--${setting.flag}`;
  if (given === undefined && setting.required) return `${name} is required: ${setting.form}`;
  const shown = Array.isArray(given) ? given.join(" ") : given;
  return refusalText(name, shown, message ?? `must be ${setting.form}`);
}

const camel = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
