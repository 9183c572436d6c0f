/**
 * Reads `output.length` values of `width` bits from Parquet's hybrid of runs and bit-packed groups. The work is bounded
 * by the number of bytes and of values wanted, whatever lengths the runs claim.
 * @returns the offset after the last run that was needed
 */
export function readRuns(bytes: Buffer, start: number, width: number, output: Uint8Array | Int32Array): number {
  if (width > 32) throw new Error(`values of ${width} bits`);
  let at = start;
  for (let seen = 0; seen < output.length; ) {
    const [header, afterHeader] = readVarint(bytes, at);
    at = afterHeader;
    const length = header >>> 1;
    if (header & 1) {
      const count = Math.min(length * 8, output.length - seen);
      for (let index = 0; index < count; index++) output[seen + index] = bitsAt(bytes, at * 8 + index * width, width);
      at += length * width;
      seen += count;
    } else {
      const value = bitsAt(bytes, at * 8, width);
      at += Math.ceil(width / 8);
      output.fill(value, seen, seen + length);
      seen += length;
    }
  }
  return at;
}

function readVarint(bytes: Buffer, start: number): [value: number, end: number] {
  let value = 0;
  for (let index = 0; index < 5; index++) {
    const byte = bytes.readUInt8(start + index);
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [value >>> 0, start + index + 1];
  }
  throw new Error("a run's length has too many bytes");
}

/** Reads an integer of `width` bits, the lowest bit first. */
function bitsAt(bytes: Buffer, start: number, width: number): number {
  let value = 0;
  for (let read = 0; read < width; ) {
    const position = start + read;
    const taken = Math.min(8 - (position % 8), width - read);
    value += ((bytes.readUInt8(Math.floor(position / 8)) >> (position % 8)) & ((1 << taken) - 1)) * 2 ** read;
    read += taken;
  }
  return value;
}
