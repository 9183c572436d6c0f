import type { WeightArray, Weights } from "./architecture";
import { SafetensorsInvalid } from "./errors";

/** Largest header that the format's own library accepts. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Writes weights in the safetensors format (huggingface/safetensors): 8 bytes length, JSON header, values.
 * Tensors lie in the order of the record, so that equal weights give equal bytes.
 * @param metadata strings for the header's `__metadata__`
 */
export function writeSafetensors(weights: Weights, metadata: Record<string, string> = {}): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify(makeHeader(weights, metadata)));
  const padded = Math.ceil(header.length / 8) * 8;
  const arrays = Object.values(weights).map(({ values }) => values);
  const bytes = new Uint8Array(8 + padded + arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded).set(header, 8);
  let offset = 8 + padded;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
    offset += byteLength;
  }
  return bytes;
}

function makeHeader(weights: Weights, metadata: Record<string, string>): Record<string, unknown> {
  let end = 0;
  const entries = Object.entries(weights).map(([name, { shape, values }]) => {
    const start = end;
    end += values.byteLength;
    return [name, { dtype: "F32", shape, data_offsets: [start, end] }];
  });
  const described = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  return { ...described, ...Object.fromEntries(entries) };
}

/**
 * Reads a safetensors file of F32 tensors.
 * @param source name of the file, for messages
 * @throws SafetensorsInvalid for anything but a whole, exact file: wrong length, overlap, hole, other dtype
 */
export function readSafetensors(
  bytes: Uint8Array,
  source = "the file",
): { weights: Weights; metadata: Record<string, string> } {
  const invalid = (reason: string) => new SafetensorsInvalid(source, reason);
  const { header, start } = readHeader(bytes, invalid);
  const data = bytes.subarray(start);
  const metadata = readMetadata(header.get("__metadata__"), invalid);
  header.delete("__metadata__");
  const entries = [...header].map(([name, entry]) => readEntry(name, entry, data.length, invalid));
  checkCover(entries, data.length, invalid);
  const weights = Object.fromEntries(entries.map((entry) => [entry.name, readValues(entry, data)]));
  return { weights, metadata };
}

type Invalid = (reason: string) => SafetensorsInvalid;
interface Entry {
  name: string;
  shape: number[];
  from: number;
  to: number;
}

function readHeader(bytes: Uint8Array, invalid: Invalid): { header: Map<string, unknown>; start: number } {
  if (bytes.length < 8) throw invalid(`${bytes.length} bytes are too few for a header`);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(Math.min(MAX_HEADER_BYTES, bytes.length - 8)))
    throw invalid(`its header claims ${length} bytes of ${bytes.length - 8}`);
  const start = 8 + Number(length);
  const header = parseObject(bytes.subarray(8, start), invalid);
  return { header: new Map(Object.entries(header)), start };
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

function readEntry(name: string, entry: unknown, dataBytes: number, invalid: Invalid): Entry {
  if (name === "__proto__" || !isRecord(entry)) throw invalid(`tensor ${name} has no description`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (dtype !== "F32") throw invalid(`tensor ${name} is ${String(dtype)}; only F32 is read`);
  if (!isSizes(shape)) throw invalid(`tensor ${name} has no shape of whole numbers`);
  if (!isSizes(offsets) || offsets.length !== 2) throw invalid(`tensor ${name} has no two data_offsets`);
  const [from, to] = offsets as [number, number];
  const size = shape.reduce((product, length) => product * length, 4);
  if (to > dataBytes) throw invalid(`tensor ${name} ends at byte ${to} of ${dataBytes}`);
  if (to - from !== size) throw invalid(`tensor ${name} has ${to - from} bytes, its shape needs ${size}`);
  return { name, shape, from, to };
}

function checkCover(entries: Entry[], dataBytes: number, invalid: Invalid): void {
  let end = 0;
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw invalid(`tensor ${name} starts at byte ${from}, the one before ends at ${end}`);
    end = to;
  }
  if (end !== dataBytes) throw invalid(`its tensors end at byte ${end} of ${dataBytes}`);
}

function readValues({ shape, from, to }: Entry, data: Uint8Array): WeightArray {
  // A copy by constructor: `slice` of a Buffer would share the memory of the whole file.
  return { shape, values: new Float32Array(new Uint8Array(data.subarray(from, to)).buffer) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
