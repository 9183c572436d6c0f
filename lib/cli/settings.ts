import { type Command, Option } from "commander";
import type { z } from "zod";
import { configure } from "../config";

/** A zod object whose fields are settings with a default and a description. */
type Settings = z.ZodObject<Record<string, z.ZodType>>;

/** Flags that are not simply the setting's name in kebab case. */
export type FlagNames = Record<string, string>;

/**
 * Adds one flag for each setting of a schema, with its description and default, so that `--help` and the schema agree.
 * @param names settings whose flag has another name, such as `{ learningRate: "lr" }`
 */
export function addSettings(command: Command, schema: Settings, names: FlagNames = {}): Command {
  const defaults = configure(schema, {});
  for (const [key, field] of Object.entries(schema.shape)) {
    command.addOption(optionOf(names[key] ?? kebab(key), field.description ?? "", defaults[key]));
  }
  return command;
}

/**
 * The settings of a schema out of a command's parsed flags; flags that were not given take the schema's default.
 * @throws ConfigInvalid where a value does not fit
 */
export function settingsFrom<Schema extends Settings>(
  flags: Record<string, unknown>,
  schema: Schema,
  names: FlagNames = {},
): z.output<Schema> {
  const given = Object.keys(schema.shape).map((key) => [key, parsedFlag(flags[camel(names[key] ?? key)])] as const);
  return configure(schema, Object.fromEntries(given.filter(([, value]) => value !== undefined)));
}

function optionOf(flag: string, description: string, initial: unknown): Option {
  if (typeof initial === "boolean") return new Option(initial ? `--no-${flag}` : `--${flag}`, description);
  return new Option(`--${flag} <value>`, `${description} (default: ${initial ?? "none"})`);
}

/** "none" is null, numbers are numbers; the schema judges the rest. */
function parsedFlag(flag: unknown): unknown {
  if (flag === "none") return null;
  return typeof flag === "string" && flag.trim() !== "" && !Number.isNaN(Number(flag)) ? Number(flag) : flag;
}

const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const camel = (name: string) => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
