import type { SafetensorsInvalid } from "./errors";

/** The file begins with the length of the header, in this many bytes. */
export const HEADER_LENGTH_BYTES = 8;
/** Largest header that the format's own library accepts. */
const MAX_HEADER_BYTES = 100_000_000;
/** Bytes of one value. */
const WIDTHS = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};
const KNOWN: ReadonlyMap<string, number> = new Map(Object.entries(WIDTHS));

/** Creates the error for a file. */
export type Invalid = (reason: string) => SafetensorsInvalid;

/** Position of a tensor in the part of a file after the header. */
export interface StoredTensor {
  name: string;
  /** Such as "F32". */
  dtype: string;
  shape: number[];
  from: number;
  to: number;
}

/**
 * Length of the header, as stated by the first 8 bytes of a file.
 * @param fileBytes length of the whole file
 */
export function headerBytes(start: Uint8Array, fileBytes: number, invalid: Invalid): number {
  if (start.length < HEADER_LENGTH_BYTES) throw invalid(`${start.length} bytes are too few for a header`);
  const length = new DataView(start.buffer, start.byteOffset, HEADER_LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER_BYTES, fileBytes - HEADER_LENGTH_BYTES)))
    throw invalid(`its header claims ${length} bytes of ${fileBytes - HEADER_LENGTH_BYTES}`);
  return Number(length);
}

/**
 * Parses and checks a header: the tensors must cover all bytes after it, without gaps or overlaps.
 * @param dataBytes number of bytes after the header
 */
export function parseHeader(
  json: Uint8Array,
  dataBytes: number,
  invalid: Invalid,
): { tensors: StoredTensor[]; metadata: Record<string, string> } {
  const header = new Map(Object.entries(parseObject(json, invalid)));
  const metadata = readMetadata(header.get("__metadata__"), invalid);
  header.delete("__metadata__");
  const tensors = [...header].map(([name, entry]) => readEntry(name, entry, dataBytes, invalid));
  checkCover(tensors, dataBytes, invalid);
  return { tensors, metadata };
}

function parseObject(bytes: Uint8Array, invalid: Invalid): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw invalid("its header is not JSON");
  }
  if (!isRecord(parsed)) throw invalid("its header is not a JSON object");
  return parsed;
}

function readMetadata(found: unknown, invalid: Invalid): Record<string, string> {
  if (found === undefined) return {};
  if (!isRecord(found)) throw invalid("__metadata__ is not an object");
  const entries = Object.entries(found).map(([key, value]): [string, string] => {
    if (typeof value !== "string") throw invalid(`__metadata__ ${key} is not a string`);
    return [key, value];
  });
  return Object.fromEntries(entries);
}

function readEntry(name: string, entry: unknown, dataBytes: number, invalid: Invalid): StoredTensor {
  if (name === "__proto__" || !isRecord(entry)) throw invalid(`tensor ${name} has no description`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const width = typeof dtype === "string" ? KNOWN.get(dtype) : undefined;
  if (typeof dtype !== "string" || width === undefined) throw invalid(`tensor ${name} is of no known type`);
  if (!isSizes(shape)) throw invalid(`tensor ${name} has no shape of whole numbers`);
  if (!isSizes(offsets) || offsets.length !== 2) throw invalid(`tensor ${name} has no two data_offsets`);
  const [from = 0, to = 0] = offsets;
  const size = shape.reduce((product, length) => product * length, width);
  if (to > dataBytes) throw invalid(`tensor ${name} ends at byte ${to} of ${dataBytes}`);
  if (to - from !== size) throw invalid(`tensor ${name} has ${to - from} bytes, its shape needs ${size}`);
  return { name, dtype, shape, from, to };
}

function checkCover(tensors: StoredTensor[], dataBytes: number, invalid: Invalid): void {
  let end = 0;
  for (const { name, from, to } of [...tensors].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw invalid(`tensor ${name} starts at byte ${from}, the one before ends at ${end}`);
    end = to;
  }
  if (end !== dataBytes) throw invalid(`its tensors end at byte ${end} of ${dataBytes}`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
