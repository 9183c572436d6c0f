import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "../../config";
import type { EncoderIdentity } from "../../store";
import { EmbeddingsMissing } from "../errors";
import { checkIdentity, folderOf, readIdentity } from "./layout";
import { isForgotten, readRows } from "./rows";
import { type PutVector, putVectors, readVectors } from "./vectors";

/** The vectors of one encoder in its file. */
export interface EmbeddedVectors {
  identity: EncoderIdentity;
  /** Row of each video's newest vector; refused pictures have none. */
  rows: ReadonlyMap<string, number>;
  /**
   * Hands out the vectors of these videos, in the order of the file.
   * @throws EmbeddingsMissing when a video has none; EmbeddingFileDamaged
   */
  read(ids: readonly string[], put: PutVector): Promise<void>;
}

/**
 * Opens the vectors of one encoder; nothing but their rows is read yet.
 * @throws IdentityMixed, EmbeddingFileDamaged
 */
export async function openVectors(
  paths: Pick<Paths, "embeddings">,
  identity: EncoderIdentity,
): Promise<EmbeddedVectors> {
  const rows = await rowsOf(paths, identity);
  const folder = folderOf(paths.embeddings, identity);
  const read = (ids: readonly string[], put: PutVector) =>
    putVectors(folder, identity.dimensions, wantedRows(identity, rows, ids), put);
  return { identity, rows, read };
}

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
  return readVectors(folderOf(paths.embeddings, identity), identity.dimensions, wantedRows(identity, rows, ids));
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

function wantedRows(identity: EncoderIdentity, rows: ReadonlyMap<string, number>, ids: readonly string[]): number[] {
  const wanted = ids.map((id) => rows.get(id) ?? -1);
  const missing = ids.filter((_, place) => wanted[place] === -1);
  if (missing.length > 0) throw new EmbeddingsMissing(identity, missing, ids.length);
  return wanted;
}

async function rowsOf(paths: Pick<Paths, "embeddings">, identity: EncoderIdentity): Promise<Map<string, number>> {
  const folder = folderOf(paths.embeddings, identity);
  const found = await readIdentity(folder);
  if (!found) return new Map();
  checkIdentity(folder, identity, found);
  const { keys } = await readRows(folder, identity);
  const rows = new Map<string, number>();
  for (const [row, key] of keys.entries()) if (!isForgotten(key)) rows.set(key[0], row);
  return rows;
}
