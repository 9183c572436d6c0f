import { isDeepStrictEqual } from "node:util";
import { z } from "zod";

declare module "zod" {
  /** What a schema says about a setting beyond its type, by `.meta({ ... })` as the last call of the chain. */
  interface GlobalMeta {
    /** Unit of a number, such as "days". */
    unit?: string;
    /** Placeholder of the value in help, if neither the unit nor the type gives it: `<folder>`. */
    placeholder?: string;
    /** What a text must be, such as "an ISO 639 code such as en"; completes "must be". */
    form?: string;
    /** Name of its flag, if it is not the setting's name in kebab case. */
    flag?: string;
    /** What its flag `--no-NAME` does; only for booleans that are true by default. */
    off?: string;
    /** What stored settings mean that lack it, where that is not its default. */
    earlier?: unknown;
    /** Whether a list may be given as one comma-separated text. */
    commas?: boolean;
  }
}

/** A zod object whose fields are settings, each with a description. */
export type SettingsSchema = z.ZodObject<Record<string, z.ZodType>>;

/**
 * The schema of settings as stored in checkpoints and exports: without the bounds of numbers. Bounds apply only to new
 * work; settings that an earlier version stored without them must remain readable.
 */
export function storedForm<Schema extends SettingsSchema>(schema: Schema): Schema {
  const shape = Object.entries(schema.shape).map(([key, field]) => [key, withoutBounds(field)] as const);
  return z.strictObject(Object.fromEntries(shape)) as unknown as Schema;
}

function withoutBounds(field: z.ZodType): z.ZodType {
  if (field instanceof z.ZodDefault)
    return withoutBounds(field.unwrap() as z.ZodType).default(metaOf(field).earlier ?? field.parse(undefined));
  if (field instanceof z.ZodNullable) return withoutBounds(field.unwrap() as z.ZodType).nullable();
  if (!(field instanceof z.ZodNumber)) return field;
  return field.isInt ? z.number().int() : z.number();
}

/** Description of one setting, derived from its schema, for flags, `--help` and messages. */
export interface Setting {
  /** Its name in the schema, such as `batchSize`. */
  key: string;
  /** The name of its flag, such as `batch-size`. */
  flag: string;
  kind: "number" | "text" | "choice" | "switch" | "list" | "pairs";
  description: string;
  /** What a value must be, such as "a whole number from 1 to 100000 (pairs)"; completes "must be". */
  form: string;
  /** The same without its type and unit: "1 to 100000". */
  range?: string | undefined;
  /** Placeholder of the value in help. */
  placeholder: string;
  /** For choices, for lists of choices, and for the names of pairs. */
  choices: string[];
  /** Whether `none` is accepted. */
  nullable: boolean;
  required: boolean;
  /** The default value; undefined if there is none. */
  initial: unknown;
  /** What `--no-NAME` does. */
  off?: string | undefined;
  commas: boolean;
}

/** Lists the settings of a schema, in its order. */
export function listSettings(schema: SettingsSchema): Setting[] {
  return Object.entries(schema.shape).map(([key, field]) => toSetting(key, field));
}

/** The value of a setting beside its default. */
export interface SettingValue extends Pick<Setting, "key" | "flag" | "initial"> {
  value: unknown;
  isDefault: boolean;
}

/** Lists parsed settings with their defaults, in the order of their schema. */
export function settingValues(schema: SettingsSchema, values: Record<string, unknown>): SettingValue[] {
  return listSettings(schema).map(({ key, flag, initial }) => {
    const value = values[key];
    return { key, flag, initial, value, isDefault: isDeepStrictEqual(value, initial) };
  });
}

function toSetting(key: string, field: z.ZodType): Setting {
  const meta = metaOf(field);
  const json = toJsonSchema(field);
  const kind = kindOf(json);
  const choices = choicesOf(json);
  return {
    key,
    flag: meta.flag ?? kebab(key),
    kind,
    description: meta.description ?? "",
    form: `${meta.form ?? describeForm(json, kind, meta.unit)}${json.nullable ? ", or none" : ""}`,
    range: kind === "number" ? describeRange(json) : undefined,
    placeholder: meta.placeholder ?? meta.unit ?? PLACEHOLDERS[kind],
    choices,
    nullable: json.nullable,
    required: !field.safeParse(undefined).success,
    initial: field.safeParse(undefined).data,
    off: meta.off,
    commas: meta.commas ?? false,
  };
}

/** The `.meta` of a field, also if `schema.partial()` made the field optional. */
function metaOf(field: z.ZodType): z.core.GlobalMeta {
  const inner = field instanceof z.ZodOptional ? z.globalRegistry.get(field.unwrap()) : undefined;
  return field.meta() ?? inner ?? {};
}

const Choices = z.object({ enum: z.array(z.string()).optional() });

const Json = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  multipleOf: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  items: Choices.optional(),
  propertyNames: Choices.optional(),
});
/** `words` may stand in place of a number, such as "all". */
type Json = z.infer<typeof Json> & { nullable: boolean; words: string[] };

/** The JSON schema of a field; of several forms of a value, that which is neither null nor a single word. */
function toJsonSchema(field: z.ZodType): Json {
  const schema = z.toJSONSchema(field, { io: "input", unrepresentable: "any" });
  const forms = (schema.anyOf ?? []).filter((form) => typeof form === "object");
  const value = forms.find((form) => form.type !== "null" && form.const === undefined);
  const words = forms.flatMap(({ const: word }) => (typeof word === "string" ? [word] : []));
  return { ...Json.parse(value ?? schema), nullable: forms.some(({ type }) => type === "null"), words };
}

function kindOf({ type, enum: choices }: Json): Setting["kind"] {
  if (choices !== undefined) return "choice";
  if (type === "number" || type === "integer") return "number";
  if (type === "boolean") return "switch";
  if (type === "object") return "pairs";
  return type === "array" ? "list" : "text";
}

const PLACEHOLDERS = {
  number: "number",
  text: "text",
  choice: "choice",
  list: "list",
  pairs: "name=value",
  switch: "",
};

const choicesOf = (json: Json): string[] => json.enum ?? (json.items ?? json.propertyNames)?.enum ?? [];

function describeForm(json: Json, kind: Setting["kind"], unit?: string): string {
  if (kind === "number") {
    const whole = json.type === "integer" ? "a whole number" : "a number";
    return `${whole} ${json.exclusiveMinimum === undefined ? "from " : ""}${describeRange(json)}${unit ? ` (${unit})` : ""}`;
  }
  if (kind === "choice") return `one of ${choicesOf(json).join(", ")}`;
  if (kind === "list") return `one or more of ${choicesOf(json).join(", ")}`;
  if (kind === "pairs") return `NAME=VALUE with NAME one of ${choicesOf(json).join(", ")}`;
  if (kind === "switch") return "true or false";
  return `a text of ${json.minLength ?? 0} to ${json.maxLength ?? "any number of"} characters, without control characters`;
}

function describeRange({ minimum, exclusiveMinimum, maximum, multipleOf, words }: Json): string {
  const least = exclusiveMinimum === undefined ? `${minimum} to ${maximum}` : `above ${exclusiveMinimum} to ${maximum}`;
  const range = multipleOf === undefined || multipleOf === 1 ? least : `${least}, a multiple of ${multipleOf}`;
  return [range, ...words].join(", or ");
}

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
