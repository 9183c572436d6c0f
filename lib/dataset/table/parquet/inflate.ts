import type { FileHandle } from "node:fs/promises";
import { Readable } from "node:stream";
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createZstdDecompress,
  gunzipSync,
  zstdDecompressSync,
} from "node:zlib";
import type { CompressionCodec, PageHeader } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { readBytes } from "./footer";
import { shortenValues } from "./shorten";
import { uncompress } from "./snappy";

/** Memory limit for one page; a larger page is read as a stream and its long values are cut. */
export const MAX_PAGE_BYTES = 64 << 20;
const PIECE_BYTES = 1 << 20;

/** Location of a page's bytes, and how they are compressed. */
export interface PagePlace {
  handle: FileHandle;
  offset: number;
  header: PageHeader;
  codec: CompressionCodec;
  /** Whether its values are a sequence of byte arrays, and whether levels come before them. */
  hasByteArrays: boolean;
  hasLevels: boolean;
}

/**
 * Reads and decompresses a page, levels first. In a page larger than 64 MB, values longer than any column may hold are
 * cut.
 * @throws Error if it is damaged, or larger than it claims, or still too large
 */
export async function readPage(place: PagePlace): Promise<Buffer> {
  const { handle, offset, header } = place;
  const packedBytes = header.compressed_page_size;
  const sizeBytes = header.uncompressed_page_size;
  if (packedBytes < 0 || sizeBytes < 0) throw new Error("a page's header is damaged");
  const levelBytes = countLevelBytes(header);
  if (levelBytes > Math.min(packedBytes, MAX_PAGE_BYTES)) throw new Error("a page's levels are damaged");
  const codec = header.data_page_header_v2?.is_compressed === false ? "UNCOMPRESSED" : place.codec;
  const levels = await readBytes(handle, offset, levelBytes);
  const packed = { ...place, codec, offset: offset + levelBytes, packedBytes: packedBytes - levelBytes };
  const values = await unpack({ ...packed, sizeBytes: sizeBytes - levelBytes });
  return levelBytes === 0 ? values : Buffer.concat([levels, values]);
}

/** Levels of a version 2 page are never compressed. */
function countLevelBytes({ data_page_header_v2: second }: PageHeader): number {
  if (!second) return 0;
  const { definition_levels_byte_length: definition, repetition_levels_byte_length: repetition } = second;
  if (definition < 0 || repetition < 0) throw new Error("a page's levels are damaged");
  return definition + repetition;
}

type Packed = Omit<PagePlace, "header"> & { header: PageHeader; packedBytes: number; sizeBytes: number };

async function unpack(packed: Packed): Promise<Buffer> {
  const { handle, offset, packedBytes, sizeBytes, codec } = packed;
  if (packedBytes > MAX_PAGE_BYTES || sizeBytes > MAX_PAGE_BYTES) return unpackLarge(packed);
  const bytes = await readBytes(handle, offset, packedBytes);
  if (packedBytes === 0 || sizeBytes === 0) return Buffer.alloc(0);
  const whole = decompress(codec, bytes, sizeBytes);
  if (whole.length !== sizeBytes)
    throw new Error(`a page has ${whole.length} bytes where its header says ${sizeBytes}`);
  return Buffer.from(whole.buffer, whole.byteOffset, whole.length);
}

function decompress(codec: CompressionCodec, bytes: Buffer, sizeBytes: number): Uint8Array {
  if (codec === "UNCOMPRESSED") return bytes;
  if (codec === "GZIP") return gunzipSync(bytes, { maxOutputLength: sizeBytes });
  if (codec === "BROTLI") return brotliDecompressSync(bytes, { maxOutputLength: sizeBytes });
  // Node has zstd since 22.15.
  if (codec === "ZSTD" && zstdDecompressSync) return zstdDecompressSync(bytes, { maxOutputLength: sizeBytes });
  const decompressor = compressors[codec];
  if (!decompressor) throw new Error(`the compression ${codec} is not known`);
  return decompressor(bytes, sizeBytes);
}

async function unpackLarge(packed: Packed): Promise<Buffer> {
  const { header, hasByteArrays, hasLevels, sizeBytes } = packed;
  if (!hasByteArrays) throw new Error(`a page has ${sizeBytes} bytes, more than ${MAX_PAGE_BYTES}`);
  const hasLevelsInside = hasLevels && header.type === "DATA_PAGE";
  return shortenValues(await unpackedChunks(packed), hasLevelsInside, MAX_PAGE_BYTES);
}

async function unpackedChunks(packed: Packed): Promise<AsyncIterable<Buffer> | Iterable<Buffer>> {
  const { handle, offset, packedBytes, codec } = packed;
  if (codec === "SNAPPY") {
    if (packedBytes > MAX_PAGE_BYTES) throw new Error(`a page has ${packedBytes} bytes, more than ${MAX_PAGE_BYTES}`);
    return uncompress(await readBytes(handle, offset, packedBytes));
  }
  const source = pieces(handle, offset, packedBytes);
  return codec === "UNCOMPRESSED" ? source : piped(Readable.from(source), codec);
}

/** Reads in pieces; a stream from the handle would close the handle when the consumer stops early. */
async function* pieces(handle: FileHandle, start: number, length: number): AsyncGenerator<Buffer> {
  for (let read = 0; read < length; read += PIECE_BYTES) {
    yield await readBytes(handle, start + read, Math.min(PIECE_BYTES, length - read));
  }
}

function piped(source: Readable, codec: CompressionCodec): AsyncIterable<Buffer> {
  const streams = { GZIP: createGunzip, BROTLI: createBrotliDecompress, ZSTD: createZstdDecompress };
  if (codec !== "GZIP" && codec !== "BROTLI" && codec !== "ZSTD")
    throw new Error(`the compression ${codec} is not known`);
  const stream = streams[codec]();
  source.once("error", (error) => stream.destroy(error));
  stream.once("close", () => source.destroy());
  return source.pipe(stream);
}
