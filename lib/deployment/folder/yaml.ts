/** A value that a YAML document can hold. */
export type YamlValue = string | number | boolean | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/**
 * Writes a value as YAML in block style. Texts are quoted as in JSON, which YAML reads, so that none is taken for
 * something else.
 * @param value keys are plain words; numbers are finite
 */
export function toYaml(value: { readonly [key: string]: YamlValue }): string {
  return `${lines(value).join("\n")}\n`;
}

function lines(value: YamlValue): string[] {
  if (isList(value)) return value.flatMap((item) => hang("- ", item));
  if (typeof value === "object") return Object.entries(value).flatMap(([key, item]) => entry(key, item));
  // YAML 1.1 takes 1e-7 for a text.
  return [typeof value === "number" ? numberText(value) : JSON.stringify(value)];
}

function entry(key: string, value: YamlValue): string[] {
  return typeof value === "object"
    ? [`${key}:`, ...lines(value).map((line) => `  ${line}`)]
    : [`${key}: ${lines(value)}`];
}

/** The first line after a dash, the others below it. */
function hang(dash: string, value: YamlValue): string[] {
  return lines(value).map((line, at) => (at === 0 ? dash : "  ") + line);
}

const numberText = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(6));

const isList = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value);
