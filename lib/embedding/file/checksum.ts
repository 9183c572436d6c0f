import { crc32 } from "node:zlib";
import type { RowKey } from "./rows";

/** Vectors have length 1; a sound one is nearer to it than this, squared. */
const LENGTH_TOLERANCE = 1e-3;

/** CRC-32 of a row: whose it is, then its numbers, so that a vector in the place of another is not sound. */
export function checksumOf([videoId, content]: RowKey, vector: Float32Array): number {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return crc32(bytes, crc32(`${videoId}\n${content}`));
}

/** Whether a row is as it was written; of rows without a checksum (of earlier versions) the vector's length must do. */
export function isSound(key: RowKey, vector: Float32Array): boolean {
  const [, , checksum] = key;
  return checksum === undefined ? hasUnitLength(vector) : checksum === checksumOf(key, vector);
}

/** Whether all numbers are finite and the vector's length is 1. */
export function hasUnitLength(vector: Float32Array): boolean {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.abs(squares - 1) <= LENGTH_TOLERANCE;
}
