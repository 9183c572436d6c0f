import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { at } from "../../base";
import { openPlain } from "../../files";
import { EmbeddingFileDamaged } from "../errors";
import { VECTORS } from "./layout";

/** Rows read at once: some 3 MB, which the processor's cache still holds when they are put in their places. */
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
 * Reads rows of `vectors.f32`, whatever their order, block by block: one is read while the one before is put.
 * @throws EmbeddingFileDamaged where the file ends before a row
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
