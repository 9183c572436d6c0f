import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { at } from "../../base";
import type { Paths } from "../../config";
import type { EncoderIdentity } from "../../store";
import { splitRows } from "../encoder";
import { EmbeddingsDamaged, EmbeddingsMissing } from "./errors";
import { checkIdentity, embeddingFolder, readIdentity } from "./layout";
import {
  FORGOTTEN,
  isForgotten,
  isSound,
  type PutVector,
  putInto,
  putVectors,
  type RowKey,
  readRows,
  vectorBytes,
} from "./rows";

/** The stored vectors of one encoder. */
export interface EmbeddedVectors {
  identity: EncoderIdentity;
  /** Row of each video's newest vector; videos with refused pictures have none. */
  rows: ReadonlyMap<string, number>;
  /**
   * Passes the vectors of these videos to `put`, in the order of the file.
   * @throws EmbeddingsMissing if a video has none; EmbeddingsDamaged, after all were passed, if one differs from what
   * was written; EmbeddingFileDamaged
   */
  read(ids: readonly string[], put: PutVector): Promise<void>;
}

/**
 * Opens the vectors of one encoder; only the list of rows is read yet.
 * @throws IdentityMixed, EmbeddingFileDamaged
 */
export async function openVectors(
  paths: Pick<Paths, "embeddings">,
  identity: EncoderIdentity,
): Promise<EmbeddedVectors> {
  const folder = embeddingFolder(paths.embeddings, identity);
  const { keys, rows } = await currentRows(folder, identity);
  return {
    identity,
    rows,
    async read(ids, put) {
      const wanted = wantedRows(identity, rows, ids);
      const damaged: string[] = [];
      await putVectors(folder, identity.dimensions, wanted, (block, from, place) => {
        const key = keys[wanted[place] ?? -1] ?? FORGOTTEN;
        if (!isSound(key, block.subarray(from, from + identity.dimensions))) damaged.push(key[0]);
        put(block, from, place);
      });
      if (damaged.length > 0) throw new EmbeddingsDamaged(identity, damaged, wanted.length);
    },
  };
}

/**
 * Loads the newest vector of each of these videos, in the order of the ids.
 * @returns [ids, dimensions], row-major
 * @throws EmbeddingsMissing if a video has none; EmbeddingsDamaged, IdentityMixed, EmbeddingFileDamaged
 */
export async function loadEmbeddings(
  paths: Pick<Paths, "embeddings">,
  identity: EncoderIdentity,
  ids: readonly string[],
): Promise<Float32Array> {
  const vectors = await openVectors(paths, identity);
  const matrix = new Float32Array(ids.length * identity.dimensions);
  await vectors.read(ids, putInto(matrix, identity.dimensions));
  return matrix;
}

/** Ids of videos that have a vector of this identity; those with refused pictures have none. */
export async function embeddedIds(
  paths: Pick<Paths, "embeddings">,
  identity: EncoderIdentity,
): Promise<ReadonlySet<string>> {
  return new Set((await openVectors(paths, identity)).rows.keys());
}

/** Identities with files in this home, so that vectors can be loaded without opening their encoder. */
export async function embeddedIdentities(paths: Pick<Paths, "embeddings">): Promise<EncoderIdentity[]> {
  const folders = await readdir(paths.embeddings).catch(() => []);
  const found = await Promise.all(folders.sort().map((folder) => readIdentity(join(paths.embeddings, folder))));
  return found.filter((identity) => identity !== undefined);
}

function wantedRows(identity: EncoderIdentity, rows: ReadonlyMap<string, number>, ids: readonly string[]): number[] {
  const wanted = ids.map((id) => rows.get(id) ?? -1);
  const missing = ids.filter((_, place) => wanted[place] === -1);
  if (missing.length > 0) throw new EmbeddingsMissing(identity, missing, ids.length);
  return wanted;
}

async function currentRows(
  folder: string,
  identity: EncoderIdentity,
): Promise<{ keys: readonly RowKey[]; rows: ReadonlyMap<string, number> }> {
  const rows = new Map<string, number>();
  const found = await readIdentity(folder);
  if (!found) return { keys: [], rows };
  checkIdentity(folder, identity, found);
  const { keys } = await readRows(folder, vectorBytes(identity));
  for (const [row, key] of keys.entries()) if (!isForgotten(key)) rows.set(key[0], row);
  return { keys, rows };
}

/**
 * The videos that have a vector of this encoder, each with its vector, in the given order; others are left out.
 * @throws EmbeddingFileDamaged, IdentityMixed
 */
export async function withVectors<Listed extends { videoId: string }>(
  paths: Pick<Paths, "embeddings">,
  identity: EncoderIdentity,
  videos: readonly Listed[],
): Promise<(Listed & { vector: Float32Array })[]> {
  const known = await embeddedIds(paths, identity);
  const there = videos.filter(({ videoId }) => known.has(videoId));
  const ids = there.map(({ videoId }) => videoId);
  const vectors = splitRows(await loadEmbeddings(paths, identity, ids), identity.dimensions);
  return there.map((video, row) => ({ ...video, vector: at(vectors, row) }));
}
