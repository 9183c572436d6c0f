import { type FileHandle, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../../config";
import type { EncoderIdentity } from "../../store";
import { EmbeddingsMissing } from "../errors";
import { checkIdentity, folderOf, readIdentity, VECTORS } from "./layout";
import { readRows } from "./rows";

/** Rows read at once: some 12 MB. */
const BLOCK_ROWS = 4096;

/**
 * The vectors of these videos, each video's newest one, in the order of the ids.
 * @returns [ids, dimensions], row-major
 * @throws EmbeddingsMissing when a video has none; IdentityMixed
 */
export async function loadEmbeddings(
  paths: Pick<Paths, "embeddings">,
  identity: EncoderIdentity,
  ids: readonly string[],
): Promise<Float32Array> {
  const rows = await rowsOf(paths, identity);
  const wanted = ids.map((id) => rows.get(id) ?? -1);
  const missing = ids.filter((_, place) => wanted[place] === -1);
  if (missing.length > 0) throw new EmbeddingsMissing(identity, missing, ids.length);
  return readVectors(folderOf(paths.embeddings, identity), identity.dimensions, wanted);
}

/** Videos that have a vector of this identity; refused pictures are not among them. */
export async function embeddedIds(
  paths: Pick<Paths, "embeddings">,
  identity: EncoderIdentity,
): Promise<ReadonlySet<string>> {
  return new Set((await rowsOf(paths, identity)).keys());
}

/** Identities that have files in this home, so that vectors can be loaded without opening their encoder. */
export async function embeddedIdentities(paths: Pick<Paths, "embeddings">): Promise<EncoderIdentity[]> {
  const folders = await readdir(paths.embeddings).catch(() => []);
  const found = await Promise.all(folders.sort().map((folder) => readIdentity(join(paths.embeddings, folder))));
  return found.filter((identity) => identity !== undefined);
}

async function rowsOf(paths: Pick<Paths, "embeddings">, identity: EncoderIdentity): Promise<Map<string, number>> {
  const folder = folderOf(paths.embeddings, identity);
  const found = await readIdentity(folder);
  if (!found) return new Map();
  checkIdentity(folder, identity, found);
  const { keys } = await readRows(folder, identity);
  return new Map(keys.map(([videoId], row) => [videoId, row]));
}

/** Reads rows of `vectors.f32` block by block, whatever their order. @returns [rows, dimensions] */
export async function readVectors(folder: string, dimensions: number, rows: number[]): Promise<Float32Array> {
  const result = new Float32Array(rows.length * dimensions);
  if (rows.length === 0) return result;
  const places = Array.from(rows.keys()).sort((a, b) => (rows[a] as number) - (rows[b] as number));
  const block = new Float32Array(BLOCK_ROWS * dimensions);
  let first = Number.NEGATIVE_INFINITY;
  const file = await open(join(folder, VECTORS), "r");
  try {
    for (const place of places) {
      const row = rows[place] as number;
      if (row >= first + BLOCK_ROWS) {
        first = row;
        await readBlock(file, block, first * dimensions * 4);
      }
      const from = (row - first) * dimensions;
      result.set(block.subarray(from, from + dimensions), place * dimensions);
    }
  } finally {
    await file.close();
  }
  return result;
}

/** Fills a block from a place in the file; beyond the file's end it stays as it was. */
async function readBlock(file: FileHandle, block: Float32Array, from: number): Promise<void> {
  const bytes = new Uint8Array(block.buffer);
  for (let done = 0; done < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, from + done);
    if (bytesRead === 0) return;
    done += bytesRead;
  }
}
