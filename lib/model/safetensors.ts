import type { WeightArray, Weights } from "./architecture";
import { SafetensorsInvalid } from "./errors";
import { HEADER_LENGTH_BYTES, headerBytes, parseHeader, type StoredTensor } from "./safetensors-header";

/**
 * Writes weights in the safetensors format (huggingface/safetensors): 8 bytes length, JSON header, values.
 * Tensors are stored in the order of the record, so that equal weights give equal bytes.
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
 * @throws SafetensorsInvalid unless the file is complete and exact: no wrong length, overlap, gap or other dtype
 */
export function readSafetensors(
  bytes: Uint8Array,
  source = "the file",
): { weights: Weights; metadata: Record<string, string> } {
  const invalid = (reason: string) => new SafetensorsInvalid(source, reason);
  const start = HEADER_LENGTH_BYTES + headerBytes(bytes, bytes.length, invalid);
  const data = bytes.subarray(start);
  const { tensors, metadata } = parseHeader(bytes.subarray(HEADER_LENGTH_BYTES, start), data.length, invalid);
  const other = tensors.find(({ dtype }) => dtype !== "F32");
  if (other !== undefined) throw invalid(`tensor ${other.name} is ${other.dtype}; only F32 is read`);
  return { weights: Object.fromEntries(tensors.map((tensor) => [tensor.name, readValues(tensor, data)])), metadata };
}

function readValues({ shape, from, to }: StoredTensor, data: Uint8Array): WeightArray {
  // A copy by constructor: `slice` of a Buffer would share the memory of the whole file.
  return { shape, values: new Float32Array(new Uint8Array(data.subarray(from, to)).buffer) };
}
