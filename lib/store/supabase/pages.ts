import type { Argument } from "../database";

type Values = Readonly<Record<string, Argument>>;

/** JSON of one call's batch: a body of this size is within every gateway's limit and takes a database a second or so. */
const BATCH_BYTES = 1024 * 1024;

/** Cuts a call into calls of a batch of at most `rows` rows and about a megabyte; others it leaves whole. */
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

/** What else a call has for each row of its own, as `absent` of `save_readings`, goes with the first part. */
function withBatch(values: Values, batch: unknown[], isFirst: boolean): Values {
  return { ...values, batch, ...(isFirst || !isList(values.absent) ? {} : { absent: [] }) };
}

/** The answers of a call's parts as one: counts are added. */
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

/** How many rows a call asks for or brings; 1 where it does neither, so that it cannot do less. */
export function rowsAsked(values: Values): number {
  if (isList(values.batch)) return values.batch.length;
  return typeof values.size === "number" ? values.size : 1;
}

export function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}
