import type { Encoding, PageHeader, SchemaElement } from "hyparquet";
import { byteStreamSplit } from "hyparquet/src/encoding.js";
import { unpackDeltas, unpackLengths, unpackPrefixes } from "./delta";
import { readRuns } from "./runs";

/** A value not yet interpreted by its column's type; byte arrays are views into their page. */
export type RawValue = number | bigint | boolean | Buffer;

/** Values decoded on demand, so that a page takes no more memory than its bytes. */
export interface Values {
  count: number;
  sizeBytes: number;
  /** Undefined stands for null. */
  at: (index: number) => RawValue | undefined;
}

/** A page of more values would take too much memory together with the other columns' pages. */
export const MAX_PAGE_VALUES = 4 << 20;

/** Decodes a dictionary page. */
export function decodeDictionary(bytes: Buffer, header: PageHeader, element: SchemaElement): Values {
  const count = checkedCount(header.dictionary_page_header?.num_values);
  return { count, sizeBytes: bytes.length, at: plain(bytes, count, element) };
}

/**
 * Decodes a data page of a column that is neither nested nor repeated.
 * @param bytes the page, uncompressed
 * @param levelBytes length of the definition levels at the start of a version 2 page
 */
export function decodePage(
  bytes: Buffer,
  header: PageHeader,
  element: SchemaElement,
  dictionary: Values | undefined,
): Values {
  const second = header.data_page_header_v2;
  const count = checkedCount((header.data_page_header ?? second)?.num_values);
  const encoding = (header.data_page_header ?? second)?.encoding;
  let start = second ? second.definition_levels_byte_length + second.repetition_levels_byte_length : 0;
  let levels: Uint8Array | undefined;
  if (element.repetition_type !== "REQUIRED") {
    levels = new Uint8Array(count);
    if (!second) start = 4 + bytes.readUInt32LE(0);
    readRuns(bytes, second ? second.repetition_levels_byte_length : 4, 1, levels);
  }
  const positions = levels && computePositions(levels);
  const present = positions ? positions.present : count;
  const value = decoded(bytes.subarray(start), present, encoding, element, dictionary);
  const at = positions?.of ? (index: number) => valueAt(value, positions.of?.[index]) : value;
  return { count, sizeBytes: bytes.length + 5 * count, at };
}

const valueAt = (value: Values["at"], position = -1) => (position < 0 ? undefined : value(position));

/** Index of each row's value among the non-null values, -1 for null; no list if no value is null. */
function computePositions(levels: Uint8Array): { present: number; of?: Int32Array } {
  let present = 0;
  for (const level of levels) present += level;
  if (present === levels.length) return { present };
  const of = new Int32Array(levels.length);
  let next = 0;
  for (const [index, level] of levels.entries()) of[index] = level ? next++ : -1;
  return { present, of };
}

function checkedCount(count: number | undefined): number {
  if (count === undefined || count < 0) throw new Error("a page's header is damaged");
  if (count > MAX_PAGE_VALUES) throw new Error(`a page has ${count} values, more than ${MAX_PAGE_VALUES}`);
  return count;
}

function decoded(
  bytes: Buffer,
  count: number,
  encoding: Encoding | undefined,
  element: SchemaElement,
  dictionary: Values | undefined,
): Values["at"] {
  if (count === 0) return () => undefined;
  switch (encoding) {
    case "PLAIN":
      return plain(bytes, count, element);
    case "PLAIN_DICTIONARY":
    case "RLE_DICTIONARY":
      return fromDictionary(bytes, count, dictionary);
    case "RLE": {
      const bits = new Uint8Array(count);
      readRuns(bytes, 4, 1, bits);
      return (index) => bits[index] === 1;
    }
    case "DELTA_BINARY_PACKED":
      return listed(unpackDeltas(bytes, element.type === "INT32" ? new Int32Array(count) : new BigInt64Array(count)));
    case "DELTA_LENGTH_BYTE_ARRAY":
      return listed(unpackLengths(bytes, count));
    case "DELTA_BYTE_ARRAY":
      return listed(unpackPrefixes(bytes, count));
    case "BYTE_STREAM_SPLIT":
      return split(bytes, count, element);
    default:
      throw new Error(`the encoding ${encoding} is not known`);
  }
}

const listed = (values: ArrayLike<RawValue>) => (index: number) => values[index];

function fromDictionary(bytes: Buffer, count: number, dictionary: Values | undefined): Values["at"] {
  if (!dictionary) throw new Error("a dictionary is missing");
  const indexes = new Int32Array(count);
  readRuns(bytes, 1, bytes.readUInt8(0), indexes);
  return (index) => {
    const entry = indexes[index] ?? -1;
    if (entry < 0 || entry >= dictionary.count) throw new Error("a value is not in its dictionary");
    return dictionary.at(entry);
  };
}

const WIDTHS: Partial<Record<string, number>> = { INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8 };

function plain(bytes: Buffer, count: number, element: SchemaElement): Values["at"] {
  const { type } = element;
  if (type === "BYTE_ARRAY") return byteArrays(bytes, count);
  if (type === "BOOLEAN") return (index) => ((bytes.readUInt8(index >> 3) >> (index & 7)) & 1) === 1;
  const width = byteWidth(element);
  if (count * width > bytes.length) throw new Error("a page has fewer values than its header says");
  if (type === "INT32") return (index) => bytes.readInt32LE(index * 4);
  if (type === "INT64") return (index) => bytes.readBigInt64LE(index * 8);
  if (type === "FLOAT") return (index) => bytes.readFloatLE(index * 4);
  if (type === "DOUBLE") return (index) => bytes.readDoubleLE(index * 8);
  return (index) => bytes.subarray(index * width, (index + 1) * width);
}

function byteWidth({ type, type_length }: SchemaElement): number {
  const width = WIDTHS[type ?? ""] ?? type_length;
  if (width === undefined || width <= 0) throw new Error(`the type ${type} has no length`);
  return width;
}

function byteArrays(bytes: Buffer, count: number): Values["at"] {
  const starts = new Int32Array(count);
  let at = 0;
  for (let index = 0; index < count; index++) {
    starts[index] = at + 4;
    at += 4 + bytes.readUInt32LE(at);
  }
  if (at > bytes.length) throw new Error("a value is longer than its page");
  return (index) => {
    const start = starts[index] ?? 0;
    return bytes.subarray(start, start + bytes.readUInt32LE(start - 4));
  };
}

function split(bytes: Buffer, count: number, element: SchemaElement): Values["at"] {
  if (count * byteWidth(element) > bytes.length) throw new Error("a page has fewer values than its header says");
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  const values = byteStreamSplit(reader, count, element.type ?? "INT32", element.type_length);
  return (index) => {
    const value: unknown = values[index];
    if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    return typeof value === "number" || typeof value === "bigint" ? value : undefined;
  };
}
