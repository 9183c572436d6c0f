import type { z } from "zod";
import { shortened, ThumbrankError, withoutSecrets } from "../base";
import { listSettings, type Setting, type SettingsSchema } from "./setting";

const SHOWN_CHARACTERS = 60;

/** Settings that their schema refuses. */
export class ConfigInvalid extends ThumbrankError {
  /** @param issues each names a setting, what was given, and what it must be */
  constructor(readonly issues: string[]) {
    super("CONFIG_INVALID", {
      what: `these settings cannot be used: ${issues.join("; ")}`,
      next: "correct them; `thumbrank COMMAND --help` lists what each takes",
    });
  }
}

/**
 * Parses settings with their schema, which fills in the guide's defaults.
 * @throws ConfigInvalid with one line for each wrong setting
 */
export function configure<Schema extends z.ZodType>(schema: Schema, settings: unknown): z.output<Schema> {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new ConfigInvalid(selectIssues(parsed.error).map((issue) => issueText(schema, settings, issue)));
}

/**
 * Selects the issues to report. Rules that span several settings are reported only if each setting is valid by itself.
 */
export function selectIssues({ issues }: z.ZodError): z.core.$ZodIssue[] {
  const single = issues.filter(({ code }) => code !== "custom");
  return single.length > 0 ? single : issues;
}

/** Describes a refused value: the setting's name, what was given, and what it must be. */
export function refusalText(name: string, given: unknown, mustBe: string): string {
  return `${name}${given === undefined ? "" : ` ${quoted(given)}`}: ${mustBe}`;
}

function issueText(schema: z.ZodType, settings: unknown, issue: z.core.$ZodIssue): string {
  const { path, code, message } = issue;
  const name = path.join(".") || "settings";
  if (code === "unrecognized_keys") return `${[...path, issue.keys.join(", ")].join(".")}: there is no such setting`;
  // A rule that spans several settings has its own message.
  const form = code === "custom" ? undefined : settingAt(schema, path)?.form;
  return refusalText(name, valueAt(settings, path), form === undefined ? message : `must be ${form}`);
}

/** Finds the setting at a path through nested objects. */
function settingAt(schema: z.ZodType, path: PropertyKey[]): Setting | undefined {
  const [key, ...below] = path;
  const inner = findObjectSchema(schema);
  if (inner === undefined || typeof key !== "string") return undefined;
  const field = inner.shape[key];
  if (field === undefined) return undefined;
  return findObjectSchema(field) ? settingAt(field, below) : listSettings(inner).find((setting) => setting.key === key);
}

/** The object schema itself, or the one inside a default. */
function findObjectSchema(schema: z.ZodType): SettingsSchema | undefined {
  const { def } = schema as { def: { type: string; innerType?: z.ZodType } };
  if (def.type === "object") return schema as SettingsSchema;
  return def.innerType === undefined ? undefined : findObjectSchema(def.innerType);
}

function valueAt(settings: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    settings,
  );
}

/** A value as JSON, without passwords and shortened; NaN and Infinity, which JSON lacks, by name. */
function quoted(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(shortened(withoutSecrets(value), SHOWN_CHARACTERS));
  return typeof value === "number" ? String(value) : shortened(JSON.stringify(value) ?? "", SHOWN_CHARACTERS);
}
