import type { Argument } from "../database";

type Values = Readonly<Record<string, Argument>>;

/** Most JSON in one call's batch: a body of this size passes every gateway and takes a database about a second. */
const BATCH_BYTES = 1024 * 1024;

/** Splits a call's batch into calls of at most `rows` rows and about 1 MB; a call without a batch is not split. */
export function cut(values: Values, rows: number): Values[] {
  const batch: unknown = values.batch;
  if (!isList(batch) || batch.length < 2) return [values];
  const parts: unknown[][] = [];
  let bytes = 0;
  for (const row of batch) {
    const size = Buffer.byteLength(JSON.stringify(row));
    const last = parts.at(-1);
    if (last === undefined || last.length >= rows || bytes + size > BATCH_BYTES) {
      parts.push([row]);
      bytes = size;
    } else {
      last.push(row);
      bytes += size;
    }
  }
  return parts.map((part, index) => withBatch(values, part, index === 0));
}

/** A second list, such as `absent` of `save_readings`, goes with the first part only. */
function withBatch(values: Values, batch: unknown[], isFirst: boolean): Values {
  return { ...values, batch, ...(isFirst || !isList(values.absent) ? {} : { absent: [] }) };
}

/** Merges the answers to a call's parts by adding up their counts. */
export function added(parts: unknown[][]): unknown[] {
  const [first, ...others] = parts;
  if (first === undefined) return [];
  return first.map((row, index) => others.reduce<unknown>((sum, rows) => addResults(sum, rows[index]), row));
}

function addResults(one: unknown, other: unknown): unknown {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) return one;
  const sums = Object.entries(one).map(([name, value]: [string, unknown]) => {
    const more: unknown = Reflect.get(other, name);
    return [name, typeof value === "number" && typeof more === "number" ? value + more : value];
  });
  return Object.fromEntries(sums);
}

/** The number of rows that a call requests or sends; 1 if it does neither, since it cannot be reduced. */
export function rowsAsked(values: Values): number {
  if (isList(values.batch)) return values.batch.length;
  return typeof values.size === "number" ? values.size : 1;
}

export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}
