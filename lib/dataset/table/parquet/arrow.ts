import type { FileMetaData } from "hyparquet";

/** Ticks per second of Arrow's time units, indexed by the unit's number. */
const TICKS = [1n, 1000n, 1_000_000n, 1_000_000_000n];
const DURATION_TYPE = 18;
const DEFAULT_UNIT = 1;
const MAX_FIELDS = 10_000;

/**
 * Ticks per second of the columns that are durations. Parquet has no duration type: pyarrow, pandas and polars write
 * plain INT64 and record the type in Arrow's schema, a FlatBuffer in the file's metadata (Schema.fbs of Apache Arrow).
 * @returns by column; empty if there is no Arrow schema
 */
export function arrowDurations(metadata: FileMetaData): Map<string, bigint> {
  const text = metadata.key_value_metadata?.find(({ key }) => key === "ARROW:schema")?.value;
  const durations = new Map<string, bigint>();
  if (text === undefined) return durations;
  const message = Buffer.from(text, "base64");
  // Since Arrow 0.15 the length is preceded by a marker.
  const flat = message.subarray(message.readUInt32LE(0) === 0xffffffff ? 8 : 4);
  const schema = unwrapDictionary(flat, field(flat, unwrapDictionary(flat, 0), 2));
  const fields = unwrapDictionary(flat, field(flat, schema, 1));
  const count = flat.readUInt32LE(fields);
  if (count > MAX_FIELDS) throw new Error("its Arrow schema is damaged");
  for (let index = 0; index < count; index++) {
    const column = unwrapDictionary(flat, fields + 4 + index * 4);
    const kind = field(flat, column, 2);
    if (kind === undefined || flat.readUInt8(kind) !== DURATION_TYPE) continue;
    const unit = field(flat, unwrapDictionary(flat, field(flat, column, 3)), 0);
    const ticks = TICKS[unit === undefined ? DEFAULT_UNIT : flat.readUInt16LE(unit)];
    if (ticks === undefined) throw new Error("its Arrow schema is damaged");
    durations.set(stringAt(flat, field(flat, column, 0)), ticks);
  }
  return durations;
}

/** Offset of a table's field; undefined if it has its default value. */
function field(flat: Buffer, table: number, index: number): number | undefined {
  const offsets = table - flat.readInt32LE(table);
  const entry = 4 + index * 2;
  const offset = entry < flat.readUInt16LE(offsets) ? flat.readUInt16LE(offsets + entry) : 0;
  return offset === 0 ? undefined : table + offset;
}

/** Follows a reference. */
function unwrapDictionary(flat: Buffer, at: number | undefined): number {
  if (at === undefined) throw new Error("its Arrow schema is damaged");
  return at + flat.readUInt32LE(at);
}

function stringAt(flat: Buffer, at: number | undefined): string {
  const start = unwrapDictionary(flat, at);
  return flat.toString("utf8", start + 4, start + 4 + flat.readUInt32LE(start));
}
