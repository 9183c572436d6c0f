import { existsSync } from "node:fs";
import { mkdir, open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openEmbeddingFile } from "../../lib/embedding/file/write";
import type { EncoderIdentity } from "../../lib/store";
import { benchCache } from "../torch/environment";
import { identity, video } from "../training/world";

export const IMAGE = identity("image", 768);
export const TEXT = identity("text", 384);
const BLOCK_ROWS = 4096;

/** Where the vectors are: our two files under `embeddings`, and one `.npy` of both side by side. */
export interface Vectors {
  embeddings: string;
  npy: string;
  /** Of one copy in memory. */
  sizeBytes: number;
}

/** Makes generated vectors once, in the user's cache. */
export async function vectorFiles(rows: number, tell: (message: string) => void): Promise<Vectors> {
  const folder = join(benchCache, `vectors-${rows}`);
  const width = IMAGE.dimensions + TEXT.dimensions;
  const files = { embeddings: join(folder, "embeddings"), npy: join(folder, "all.npy"), sizeBytes: rows * width * 4 };
  if (existsSync(join(folder, "complete"))) return files;
  tell(`writing ${rows} vectors into ${folder}: once, ${((2 * files.sizeBytes) / 1e9).toFixed(1)} GB`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(files.embeddings, { recursive: true });
  for (const encoder of [IMAGE, TEXT]) await writeVectors(files.embeddings, encoder, rows);
  await writeNpy(files.npy, rows, width);
  await writeFile(join(folder, "complete"), "");
  return files;
}

async function writeVectors(embeddings: string, encoder: EncoderIdentity, rows: number): Promise<void> {
  const file = await openEmbeddingFile(embeddings, encoder);
  for (let start = 0; start < rows; start += BLOCK_ROWS) {
    const count = Math.min(BLOCK_ROWS, rows - start);
    const keys = Array.from({ length: count }, (_, at) => [video(start + at, "train").videoId, "generated"] as const);
    await file.append(keys, block(count, encoder.dimensions));
  }
  await file.close();
}

/** numpy's format (NEP 1), version 1.0. */
async function writeNpy(path: string, rows: number, width: number): Promise<void> {
  const described = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${width}), }`;
  const header = `${described.padEnd(117)}\n`;
  const file = await open(path, "w");
  await file.writeFile(
    Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), Buffer.of(118, 0), Buffer.from(header)]),
  );
  for (let start = 0; start < rows; start += BLOCK_ROWS)
    await file.writeFile(block(Math.min(BLOCK_ROWS, rows - start), width));
  await file.close();
}

function block(rows: number, width: number): Float32Array {
  return Float32Array.from({ length: rows * width }, (_, at) => Math.sin(at) / Math.sqrt(width / 2));
}
