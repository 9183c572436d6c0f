import type { Discovery, Schema } from "./discovery";

/** Whether a text is a value of a format. */
const FORMATS: Record<string, RegExp> = {
  uint64: /^\d+$/,
  int64: /^-?\d+$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  "google-datetime": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
};

/** Where a value is not what the discovery document says: a line each. */
export function deviations(value: unknown, schema: Schema, discovery: Discovery, path = "$"): string[] {
  const resolved = schema.$ref ? (discovery.schemas[schema.$ref] ?? {}) : schema;
  if (Array.isArray(value)) {
    const { items } = resolved;
    return items
      ? value.flatMap((one, at) => deviations(one, items, discovery, `${path}[${at}]`))
      : [`${path} is a list`];
  }
  if (value !== null && typeof value === "object")
    return Object.entries(value).flatMap(([name, part]) => {
      const inner = resolved.properties?.[name] ?? resolved.additionalProperties;
      return inner ? deviations(part, inner, discovery, `${path}.${name}`) : [`${path}.${name} is unknown`];
    });
  return isOf(value, resolved)
    ? []
    : [`${path} is ${JSON.stringify(value)}, no ${resolved.type} ${resolved.format ?? ""}`];
}

function isOf(value: unknown, { type, format, enum: allowed }: Schema): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "boolean" || type === "number") return typeof value === type;
  if (type !== "string" || typeof value !== "string") return false;
  return (FORMATS[format ?? ""]?.test(value) ?? true) && (allowed?.includes(value) ?? true);
}
