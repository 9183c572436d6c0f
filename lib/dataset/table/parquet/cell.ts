import { isUtf8 } from "node:buffer";
import type { SchemaElement } from "hyparquet";
import { parseFloat16 } from "hyparquet/src/convert.js";
import type { RawValue } from "./page";

/** Converts a column's values to text as in a CSV; "" is null. */
export type CellReader = (value: RawValue) => string;

const TICKS = { MILLIS: 1000n, MICROS: 1_000_000n, NANOS: 1_000_000_000n };
/** The months of an interval have no fixed length; a few days more or less do not matter for a video. */
const MONTH_DAYS = 30;
const DAY_MS = 24 * 3600 * 1000;
/** Julian day of 1970-01-01, the origin of INT96 timestamps here. */
const EPOCH_JULIAN_DAY = 2_440_588;
const MAX_DECIMAL_BYTES = 32;

/** Whether a column's values are durations; they are read as seconds. */
export const isDuration = (element: SchemaElement, ticks: bigint | undefined) =>
  ticks !== undefined ||
  element.logical_type?.type === "TIME" ||
  /^TIME_|^INTERVAL$/.test(element.converted_type ?? "");

/**
 * Chooses the reader of a column's values by its type.
 * @param ticks ticks per second, if Arrow's schema says the column is a duration
 * @returns undefined for a type that a table of videos cannot have
 */
export function cellReader(element: SchemaElement, ticks: bigint | undefined): CellReader | undefined {
  const { type, type_length, converted_type: converted, logical_type: logical } = element;
  if (ticks !== undefined && type === "INT64") return (value) => secondsText(value, ticks);
  if (logical?.type === "TIME") return (value) => secondsText(value, TICKS[logical.unit]);
  if (converted === "TIME_MILLIS") return (value) => secondsText(value, TICKS.MILLIS);
  if (converted === "TIME_MICROS") return (value) => secondsText(value, TICKS.MICROS);
  if (converted === "INTERVAL" && type_length === 12) return intervalText;
  if (logical?.type === "TIMESTAMP") return (value) => instantText(value, TICKS[logical.unit]);
  if (converted === "TIMESTAMP_MILLIS") return (value) => instantText(value, TICKS.MILLIS);
  if (converted === "TIMESTAMP_MICROS") return (value) => instantText(value, TICKS.MICROS);
  if (type === "INT96") return int96Text;
  if (logical?.type === "DATE" || converted === "DATE") return (value) => dateText(Number(value) * DAY_MS);
  if (logical?.type === "DECIMAL" || converted === "DECIMAL") {
    const scale = logical?.type === "DECIMAL" ? logical.scale : (element.scale ?? 0);
    return scale >= 0 && scale <= 77 ? (value) => decimalText(value, scale) : undefined;
  }
  if (logical?.type === "FLOAT16") return (value) => numberText(parseFloat16(toBytes(value)) ?? Number.NaN);
  if (converted?.startsWith("UINT_") || (logical?.type === "INTEGER" && !logical.isSigned)) {
    return (value) => (typeof value === "bigint" ? String(BigInt.asUintN(64, value)) : String(Number(value) >>> 0));
  }
  if (type === "FLOAT" || type === "DOUBLE") return (value) => numberText(Number(value));
  if (type === "INT32" || type === "INT64" || type === "BOOLEAN") return String;
  const isText = logical === undefined || /^(STRING|ENUM|JSON)$/.test(logical.type);
  return type === "BYTE_ARRAY" && isText && converted !== "BSON" ? toText : undefined;
}

/** Describes a column's type in words. */
export function typeName({ type, converted_type, logical_type, num_children }: SchemaElement): string {
  return num_children ? (converted_type ?? "STRUCT") : (logical_type?.type ?? converted_type ?? type ?? "unknown");
}

/** Thrown for bytes that are not text; only that row is refused. */
export class NotText extends Error {}

function toText(value: RawValue): string {
  const bytes = toBytes(value);
  if (!isUtf8(bytes)) throw new NotText("it is not UTF-8 text");
  return bytes.toString("utf8");
}

function toBytes(value: RawValue): Buffer {
  if (!Buffer.isBuffer(value)) throw new Error("a value is not of its column's type");
  return value;
}

const numberText = (value: number) => (Number.isNaN(value) ? "" : String(value));

/** Pandas marks a missing duration or instant by the smallest int64. */
const isMissing = (value: RawValue) => value === -(2n ** 63n);

function secondsText(value: RawValue, ticks: bigint): string {
  if (isMissing(value)) return "";
  const count = BigInt(toInteger(value));
  const size = count < 0n ? -count : count;
  const fraction = String(size % ticks).padStart(String(ticks).length - 1, "0");
  return `${count < 0n ? "-" : ""}${size / ticks}${ticks === 1n ? "" : `.${fraction}`}`;
}

/** Converts months, days and milliseconds to seconds. */
function intervalText(value: RawValue): string {
  const bytes = toBytes(value);
  const days = bytes.readInt32LE(0) * MONTH_DAYS + bytes.readInt32LE(4);
  return String((days * DAY_MS + bytes.readUInt32LE(8)) / 1000);
}

function instantText(value: RawValue, ticks: bigint): string {
  return isMissing(value) ? "" : dateText(Number((BigInt(toInteger(value)) * 1000n) / ticks));
}

function int96Text(value: RawValue): string {
  const bytes = toBytes(value);
  const days = bytes.readUInt32LE(8) - EPOCH_JULIAN_DAY;
  return dateText(days * DAY_MS + Number(bytes.readBigUInt64LE(0) / 1_000_000n));
}

function dateText(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "not a time" : date.toISOString();
}

function decimalText(value: RawValue, scale: number): string {
  const count = typeof value === "bigint" || typeof value === "number" ? BigInt(value) : bigEndian(toBytes(value));
  const digits = String(count < 0n ? -count : count).padStart(scale + 1, "0");
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  const whole = `${count < 0n ? "-" : ""}${digits.slice(0, digits.length - scale)}`;
  return scale === 0 || fraction === "" ? whole : `${whole}.${fraction}`;
}

function bigEndian(bytes: Buffer): bigint {
  if (bytes.length > MAX_DECIMAL_BYTES) throw new NotText(`a decimal has ${bytes.length} bytes`);
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
}

function toInteger(value: RawValue): bigint | number {
  if (typeof value !== "bigint" && typeof value !== "number") throw new Error("a value is not of its column's type");
  return value;
}
