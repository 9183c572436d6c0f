import type { FileHandle } from "node:fs/promises";
import { type FileMetaData, parquetMetadata } from "hyparquet";

const MAGIC = "PAR1";
const TAIL_BYTES = 8;
const MAX_FOOTER_BYTES = 4 << 20;
/** The parser takes time quadratic in a number's length in bytes; no number needs more than ten. */
const MAX_HIGH_BYTES = 8192;

/**
 * Reads the metadata at the end of a Parquet file. For damaged metadata it throws whatever the parser throws.
 * @throws Error if there is none, or it is larger than a table of videos needs
 */
export async function readFooter(handle: FileHandle): Promise<FileMetaData> {
  const { size } = await handle.stat();
  const tail = await readBytes(handle, size - TAIL_BYTES, TAIL_BYTES);
  const sizeBytes = tail.readUInt32LE(0);
  if (tail.toString("latin1", 4) !== MAGIC || sizeBytes > size - TAIL_BYTES)
    throw new Error("its end is cut or damaged");
  if (sizeBytes > MAX_FOOTER_BYTES) throw new Error(`its footer has ${sizeBytes} bytes, more than ${MAX_FOOTER_BYTES}`);
  const footer = await readBytes(handle, size - TAIL_BYTES - sizeBytes, sizeBytes + TAIL_BYTES);
  if (hasLongNumber(footer)) throw new Error("its footer is damaged");
  return parquetMetadata(new Uint8Array(footer), { geoparquet: false });
}

/** @throws Error if the file does not have these bytes */
export async function readBytes(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, length));
  const { bytesRead } = start < 0 ? { bytesRead: -1 } : await handle.read(bytes, 0, bytes.length, start);
  if (bytesRead !== bytes.length) throw new Error(`it ends before byte ${start + length}`);
  return bytes;
}

function hasLongNumber(bytes: Buffer): boolean {
  let high = 0;
  for (const byte of bytes) {
    high = byte < 0x80 ? 0 : high + 1;
    if (high > MAX_HIGH_BYTES) return true;
  }
  return false;
}
