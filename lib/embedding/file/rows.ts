import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { at } from "../../base";
import { openPlain } from "../../files";
import type { EncoderIdentity } from "../../store";
import { EmbeddingFileDamaged } from "../errors";
import { ROWS, readIfThere, VECTORS } from "./layout";

/**
 * Whose vector a row is, and of which picture or title (a hash): another picture of the same video gets a new row. The
 * checksum is of all that and the vector (`computeChecksum`); rows of earlier versions have none.
 */
export type RowKey = readonly [videoId: string, content: string, checksum?: number];

const LINE_ROWS = 1000;

/** Of a row whose vector was taken out: it keeps its place. */
export const FORGOTTEN: RowKey = ["", ""];

export const isForgotten = ([videoId]: RowKey): boolean => videoId === "";

/** What of the files is complete. Line k of `rows.jsonl` names the rows of batch k; a batch counts as a whole or not at all. */
export interface CompleteRows {
  keys: RowKey[];
  /** Bytes of `rows.jsonl` up to the last complete batch; what follows is the tail of a process that was killed. */
  sizeBytes: number;
}

/** Vectors have length 1; a sound one is nearer to it than this, squared. */
const LENGTH_TOLERANCE = 1e-3;

/** Rows read at once: about 3 MB, which the processor's cache still holds when they are put in their places. */
const BLOCK_ROWS = 1024;

/**
 * Takes a vector: the numbers of `block` from `from` on, as many as it has dimensions. They are overwritten later.
 * @param place of the vector in the list that was asked for
 */
export type PutVector = (block: Float32Array, from: number, place: number) => void;

/** Rows of the file that are read together. */
interface Block {
  first: number;
  last: number;
  /** Whose rows lie in it. */
  places: number[];
}

/**
 * Reads which rows are complete: their line ends, and their vectors are there.
 * @throws EmbeddingFileDamaged when a line other than the last cannot be understood
 */
export async function readRows(folder: string, identity: EncoderIdentity): Promise<CompleteRows> {
  const text = await readIfThere(join(folder, ROWS));
  const complete: CompleteRows = { keys: [], sizeBytes: 0 };
  if (text === undefined) return complete;
  const vectors = Math.floor((await readSizeBytes(join(folder, VECTORS))) / (identity.dimensions * 4));
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

/** All rows, as many of them a line as is handy. */
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

/** @throws FileUnusable for what is no file: as an empty one, all rows would count as torn */
async function readSizeBytes(path: string): Promise<number> {
  const file = await openPlain(path).catch((thrown: unknown) => {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    throw thrown;
  });
  if (file === null) return 0;
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** CRC-32 of a row: whose it is, then its numbers, so that a vector in the place of another is not sound. */
export function computeChecksum([videoId, content]: RowKey, vector: Float32Array): number {
  const bytes = new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
  return crc32(bytes, crc32(`${videoId}\n${content}`));
}

/** Whether a row is as it was written; of rows without a checksum (of earlier versions) the vector's length must do. */
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
 * Reads rows of `vectors.f32`, whatever their order, block by block: one is read while the one before is put.
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
      // Its failure shows where it is waited for, unless another comes before.
      reading.catch(() => {});
      for (const place of places) put(bufferOf(i), (at(rows, place) - first) * dimensions, place);
    }
  } finally {
    await file.close();
  }
}

/**
 * Puts vectors into the rows of a matrix.
 * @param stride numbers of a row of the matrix
 * @param offset where in its row a vector begins
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
