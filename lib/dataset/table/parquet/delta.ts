import { deltaBinaryUnpack } from "hyparquet/src/delta.js";
import { readVarInt } from "hyparquet/src/thrift.js";

const MAX_BLOCK_VALUES = 1 << 20;
const MAX_JOINED_BYTES = 64 << 20;

/** A reading position in a page. */
interface Reader {
  view: DataView;
  offset: number;
}

const createReader = (bytes: Buffer): Reader => ({
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  offset: 0,
});

/** Decodes the values of DELTA_BINARY_PACKED. */
export function unpackDeltas<Values extends Int32Array | BigInt64Array>(bytes: Buffer, output: Values): Values {
  unpack(createReader(bytes), output);
  return output;
}

/** Decodes the values of DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. */
export function unpackLengths(bytes: Buffer, count: number): Buffer[] {
  const reader = createReader(bytes);
  const lengths = unpack(reader, new Int32Array(count));
  return take(bytes, reader, lengths);
}

/** Decodes the values of DELTA_BYTE_ARRAY: the length of the prefix shared with the previous value, and the suffix. */
export function unpackPrefixes(bytes: Buffer, count: number): Buffer[] {
  const reader = createReader(bytes);
  const prefixes = unpack(reader, new Int32Array(count));
  const suffixes = take(bytes, reader, unpack(reader, new Int32Array(count)));
  let before = Buffer.alloc(0);
  let joinedBytes = 0;
  return suffixes.map((suffix, index) => {
    const shared = prefixes[index] ?? 0;
    if (shared < 0 || shared > before.length) throw new Error("a value shares more than the one before it has");
    joinedBytes += shared + suffix.length;
    if (joinedBytes > MAX_JOINED_BYTES) throw new Error(`a page's values have more than ${MAX_JOINED_BYTES} bytes`);
    before = Buffer.concat([before.subarray(0, shared), suffix]);
    return before;
  });
}

/** Checks the block's two sizes first, since hyparquet's loops may not end if they are inconsistent. */
function unpack<Values extends Int32Array | BigInt64Array>(reader: Reader, output: Values): Values {
  if (output.length === 0) return output;
  const peek = { ...reader };
  const blockValues = readVarInt(peek);
  const blocks = readVarInt(peek);
  const isSound = blockValues > 0 && blockValues <= MAX_BLOCK_VALUES && blocks > 0 && blockValues % (blocks * 8) === 0;
  if (!isSound) throw new Error("the blocks of a column's differences are damaged");
  deltaBinaryUnpack(reader, output.length, output);
  return output;
}

function take(bytes: Buffer, reader: Reader, lengths: Int32Array): Buffer[] {
  return Array.from(lengths, (length) => {
    const end = reader.offset + length;
    if (length < 0 || end > bytes.length) throw new Error("a value is longer than its page");
    const value = bytes.subarray(reader.offset, end);
    reader.offset = end;
    return value;
  });
}
