import { bytesOf } from "../base";
import { countElements } from "../engine";
import type { WeightArray, Weights } from "./architecture";
import { SafetensorsInvalid } from "./errors";
import { HEADER_LENGTH_BYTES, headerBytes, parseHeader, type StoredTensor } from "./safetensors-header";

/**
 * Writes weights in the safetensors format (huggingface/safetensors): 8 bytes length, JSON header, values.
 * Tensors are stored in the order of the record, so that equal weights give equal bytes.
 * @param metadata strings for the header's `__metadata__`
 */
export function writeSafetensors(weights: Weights, metadata: Record<string, string> = {}): Uint8Array {
  const start = makeStart(
    Object.entries(weights).map(([name, { shape }]) => ({ name, shape })),
    metadata,
  );
  const arrays = Object.values(weights).map(({ values }) => values);
  const bytes = new Uint8Array(start.length + arrays.reduce((sum, { byteLength }) => sum + byteLength, 0));
  bytes.set(start);
  let offset = start.length;
  for (const values of arrays) {
    bytes.set(bytesOf(values), offset);
    offset += values.byteLength;
  }
  return bytes;
}

/**
 * The same, in parts for a file: one weight is in memory at a time.
 * @param read values of a weight by its name
 * @throws RangeError if they do not have the shape that was announced
 */
export async function* safetensorsChunks(
  specs: readonly TensorShape[],
  read: (name: string) => Promise<WeightArray>,
  metadata: Record<string, string> = {},
): AsyncGenerator<Uint8Array> {
  yield makeStart(specs, metadata);
  for (const { name, shape } of specs) {
    const { values } = await read(name);
    if (values.length !== countElements(shape)) throw new RangeError(`${name} is not of shape [${shape.join(", ")}]`);
    yield bytesOf(values);
  }
}

interface TensorShape {
  name: string;
  shape: readonly number[];
}

/** The length of the header, and the header, padded with spaces. */
function makeStart(specs: readonly TensorShape[], metadata: Record<string, string>): Uint8Array {
  const header = new TextEncoder().encode(JSON.stringify(makeHeader(specs, metadata)));
  const padded = Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(HEADER_LENGTH_BYTES + padded);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, HEADER_LENGTH_BYTES).set(header, HEADER_LENGTH_BYTES);
  return bytes;
}

function makeHeader(specs: readonly TensorShape[], metadata: Record<string, string>): Record<string, unknown> {
  let end = 0;
  const entries = specs.map(({ name, shape }) => {
    const start = end;
    end += countElements(shape) * Float32Array.BYTES_PER_ELEMENT;
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
