import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { at, bytesOf, errorCode } from "../../base";
import { openPlain } from "../../files";
import type { EncoderIdentity } from "../../store";
import { EmbeddingFileDamaged } from "../errors";
import { ROWS, readIfThere, VECTORS } from "./layout";

/**
 * The video of a row and a hash of its picture or title: a new picture of the same video gets a new row. The checksum
 * covers these and the vector (`computeChecksum`); rows of earlier versions have none.
 */
export type RowKey = readonly [videoId: string, content: string, checksum?: number];

const LINE_ROWS = 1000;

/** Key of a row whose vector was removed; the row keeps its position. */
export const FORGOTTEN: RowKey = ["", ""];

/** What a row is found by, in one text. */
export const rowId = ([videoId, content]: readonly [videoId: string, content: string, ...rest: unknown[]]): string =>
  `${content} ${videoId}`;

/** Bytes of a vector in the file. */
export const vectorBytes = ({ dimensions }: Pick<EncoderIdentity, "dimensions">): number =>
  dimensions * Float32Array.BYTES_PER_ELEMENT;

export const isForgotten = ([videoId]: RowKey): boolean => videoId === "";

/**
 * The complete part of the files. Line k of `rows.jsonl` names the rows of batch k; a batch counts completely or not at
 * all.
 */
export interface CompleteRows {
  keys: RowKey[];
  /** Bytes of `rows.jsonl` up to the last complete batch; the rest was left unfinished by a killed process. */
  sizeBytes: number;
}

/** Vectors have length 1; the squared length of an undamaged one differs from 1 by at most this. */
const LENGTH_TOLERANCE = 1e-3;

/** Number of rows read at once: about 3 MB, which is still in the processor's cache when they are copied. */
const BLOCK_ROWS = 1024;

/**
 * Receives a vector: as many numbers of `block` as it has dimensions, starting at `from`. They are overwritten later.
 * @param place index of the vector in the requested list
 */
export type PutVector = (block: Float32Array, from: number, place: number) => void;

/** Rows of the file that are read together. */
interface Block {
  first: number;
  last: number;
  /** Indices in the requested list whose rows are in this block. */
  places: number[];
}

/**
 * Reads which rows are complete: their line has an end, and their numbers are in the file.
 * @param rowBytes size of a row's numbers
 * @param file name of the file of numbers
 * @throws EmbeddingFileDamaged if a line other than the last cannot be understood
 */
export async function readRows(folder: string, rowBytes: number, file = VECTORS): Promise<CompleteRows> {
  const text = await readIfThere(join(folder, ROWS));
  const complete: CompleteRows = { keys: [], sizeBytes: 0 };
  if (text === undefined) return complete;
  const vectors = Math.floor((await readSizeBytes(join(folder, file))) / rowBytes);
  for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10, complete.sizeBytes)) {
    const batch = parseLine(text.toString("utf8", complete.sizeBytes, end));
    const isLast = text.indexOf(10, end + 1) < 0;
    if (!batch && !isLast)
      throw new EmbeddingFileDamaged(join(folder, ROWS), `offset ${complete.sizeBytes} is not the start of a row`);
    if (!batch || complete.keys.length + batch.length > vectors) break;
    complete.keys.push(...batch);
    complete.sizeBytes = end + 1;
  }
  return complete;
}

/** All rows as lines of `rows.jsonl`, a convenient number per line. */
export function rowLines(keys: readonly RowKey[]): string {
  const starts = Array.from({ length: Math.ceil(keys.length / LINE_ROWS) }, (_, line) => line * LINE_ROWS);
  return starts.map((start) => rowsLine(keys.slice(start, start + LINE_ROWS))).join("");
}

/** One batch as a line of `rows.jsonl`. */
export function rowsLine(keys: readonly RowKey[]): string {
  return `${JSON.stringify(keys)}\n`;
}

function parseLine(line: string): RowKey[] | undefined {
  try {
    const parsed: unknown = JSON.parse(line);
    return Array.isArray(parsed) && parsed.every(isKey) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isKey(value: unknown): value is RowKey {
  if (!Array.isArray(value) || value.length < 2 || value.length > 3) return false;
  const [videoId, content, checksum]: unknown[] = value;
  return (
    typeof videoId === "string" && typeof content === "string" && ["undefined", "number"].includes(typeof checksum)
  );
}

/**
 * @throws FileUnusable if the path is not a regular file: read as an empty file, it would make all rows seem unfinished
 */
async function readSizeBytes(path: string): Promise<number> {
  const file = await openPlain(path).catch((thrown: unknown) => {
    if (errorCode(thrown) === "ENOENT") return null;
    throw thrown;
  });
  if (file === null) return 0;
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** CRC-32 of a row's key and its numbers, so that a vector in another one's place is detected. */
export function computeChecksum([videoId, content]: RowKey, vector: Float32Array | Uint16Array): number {
  return crc32(bytesOf(vector), crc32(`${videoId}\n${content}`));
}

/** Whether a row is undamaged; rows without a checksum (of earlier versions) are checked by the vector's length. */
export function isSound(key: RowKey, vector: Float32Array): boolean {
  const [, , checksum] = key;
  return checksum === undefined ? hasUnitLength(vector) : checksum === computeChecksum(key, vector);
}

/** Whether all numbers are finite and the vector's length is 1. */
export function hasUnitLength(vector: Float32Array): boolean {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.abs(squares - 1) <= LENGTH_TOLERANCE;
}

/**
 * Reads rows of `vectors.f32`, in any order, block by block: the next block is read while the current one is put.
 * @throws EmbeddingFileDamaged if the file ends before a row
 */
export async function putVectors(
  folder: string,
  dimensions: number,
  rows: ArrayLike<number>,
  put: PutVector,
): Promise<void> {
  if (rows.length === 0) return;
  const blocks = groupIntoBlocks(rows);
  const buffers = blocks.slice(0, 2).map(() => new Float32Array(BLOCK_ROWS * dimensions));
  const bufferOf = (i: number) => at(buffers, i % buffers.length);
  const file = await openPlain(join(folder, VECTORS));
  const read = (i: number) => readBlock(file, folder, blocks[i], bufferOf(i), dimensions);
  try {
    let reading = read(0);
    for (const [i, { first, places }] of blocks.entries()) {
      await reading;
      reading = read(i + 1);
      // A failure is thrown where the read is awaited, unless another error comes first.
      reading.catch(() => {});
      for (const place of places) put(bufferOf(i), (at(rows, place) - first) * dimensions, place);
    }
  } finally {
    await file.close();
  }
}

/**
 * Creates a function that copies vectors into the rows of a matrix.
 * @param stride length of a row of the matrix
 * @param offset start of the vector in its row
 */
export function putInto(matrix: Float32Array, dimensions: number, stride = dimensions, offset = 0): PutVector {
  return (block, from, place) => matrix.set(block.subarray(from, from + dimensions), place * stride + offset);
}

function groupIntoBlocks(rows: ArrayLike<number>): Block[] {
  const rowAt = (place: number) => at(rows, place);
  const places = Array.from({ length: rows.length }, (_, place) => place).sort((a, b) => rowAt(a) - rowAt(b));
  const blocks: Block[] = [];
  for (const place of places) {
    const row = rowAt(place);
    const last = blocks.at(-1);
    if (!last || row >= last.first + BLOCK_ROWS) blocks.push({ first: row, last: row, places: [place] });
    else {
      last.last = row;
      last.places.push(place);
    }
  }
  return blocks;
}

async function readBlock(
  file: FileHandle,
  folder: string,
  block: Block | undefined,
  buffer: Float32Array,
  dimensions: number,
): Promise<void> {
  if (!block) return;
  const from = block.first * dimensions * 4;
  const bytes = new Uint8Array(buffer.buffer, 0, (block.last + 1 - block.first) * dimensions * 4);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) throw new EmbeddingFileDamaged(join(folder, VECTORS), `it ends at byte ${from + done}`);
    done += bytesRead;
  }
}
