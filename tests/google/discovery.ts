import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { invalidParameter, invalidValue, requiredParameter, unknownParameter } from "./errors";

const Parameter = z.object({
  type: z.enum(["string", "integer", "boolean"]),
  location: z.enum(["query", "path"]),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.coerce.number().optional(),
  maximum: z.coerce.number().optional(),
  repeated: z.boolean().optional(),
  required: z.boolean().optional(),
  default: z.string().optional(),
});

/** A type of the discovery document. */
export interface Schema {
  type?: string | undefined;
  format?: string | undefined;
  $ref?: string | undefined;
  enum?: string[] | undefined;
  items?: Schema | undefined;
  properties?: Record<string, Schema> | undefined;
  additionalProperties?: Schema | undefined;
}

const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    $ref: z.string().optional(),
    enum: z.array(z.string()).optional(),
    items: Schema.optional(),
    properties: z.record(z.string(), Schema).optional(),
    additionalProperties: Schema.optional(),
  }),
);

const Method = z.object({
  httpMethod: z.string(),
  path: z.string(),
  parameters: z.record(z.string(), Parameter),
  scopes: z.array(z.string()),
  response: z.string(),
});

const Discovery = z.object({
  revision: z.string(),
  parameters: z.record(z.string(), Parameter),
  methods: z.record(z.string(), Method),
  schemas: z.record(z.string(), Schema),
});

export type Discovery = z.infer<typeof Discovery>;
type Parameter = z.infer<typeof Parameter>;

const read = (name: string): Discovery =>
  Discovery.parse(JSON.parse(readFileSync(join(__dirname, "discovery", `${name}.json`), "utf8")));

export const YOUTUBE = read("youtube-v3");
export const REPORTING = read("youtubereporting-v1");

/** Checked query parameters: every value given, in order. */
export class Parameters {
  constructor(
    private readonly known: Record<string, Parameter>,
    private readonly given: Map<string, string[]>,
  ) {}

  text(name: string): string | undefined {
    return this.given.get(name)?.at(-1) ?? this.known[name]?.default;
  }

  /** @returns the number given, or the default of the document */
  number(name: string): number {
    return Number(this.text(name));
  }

  /** Values of a repeated parameter, which may also be separated by commas. */
  list(name: string): string[] {
    return (this.given.get(name) ?? []).flatMap((value) => value.split(",")).filter((value) => value !== "");
  }

  has(name: string): boolean {
    return this.given.has(name);
  }
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function checkInteger(name: string, parameter: Parameter, value: string): void {
  const type = `TYPE_${(parameter.format ?? "int32").toUpperCase()}`;
  if (!/^-?\d+$/.test(value)) throw invalidValue(snake(name), type, value);
  const { minimum = -Infinity, maximum = Infinity } = parameter;
  if (Number(value) >= minimum && Number(value) <= maximum) return;
  throw invalidParameter(name, `Invalid value '${value}'. Values must be within the range: [${minimum}, ${maximum}]`);
}

function check(name: string, parameter: Parameter, value: string): void {
  if (parameter.type === "integer") checkInteger(name, parameter, value);
  if (parameter.type === "boolean" && !/^(true|false)$/.test(value))
    throw invalidValue(snake(name), "TYPE_BOOL", value);
  if (parameter.enum && !parameter.enum.includes(value))
    throw invalidParameter(name, `Invalid string value: '${value}'. Allowed values: [${parameter.enum.join(", ")}]`);
  if (
    parameter.format === "google-datetime" &&
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)
  )
    throw invalidValue(snake(name), "type.googleapis.com/google.protobuf.Timestamp", value);
}

/**
 * The query as the discovery document allows it for a method.
 * @throws Refused for an unknown name, a wrong type, range or value, a repeated single value, a missing parameter
 */
export function parametersOf(discovery: Discovery, method: string, query: URLSearchParams): Parameters {
  const own = discovery.methods[method]?.parameters ?? {};
  const known = { ...discovery.parameters, ...own };
  const given = new Map<string, string[]>();
  for (const [name, value] of query) {
    const parameter = known[name];
    if (parameter?.location !== "query") throw unknownParameter(name);
    check(name, parameter, value);
    given.set(name, [...(given.get(name) ?? []), value]);
    if (!parameter.repeated && (given.get(name)?.length ?? 0) > 1)
      throw invalidParameter(name, `Multiple values for '${name}'`);
  }
  const missing = Object.entries(own).find(
    ([name, { required, location }]) => required && location === "query" && !given.get(name)?.join(""),
  );
  if (missing) throw requiredParameter(missing[0]);
  return new Parameters(known, given);
}
