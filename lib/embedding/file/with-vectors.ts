import { at } from "../../base";
import type { Paths } from "../../config";
import type { EncoderIdentity } from "../../store";
import { rowsOf } from "../neighbours";
import { embeddedIds, loadEmbeddings } from "./load";

/**
 * The videos that have a vector of this encoder, each with it, in their order; those that have none are left out.
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
  const vectors = rowsOf(await loadEmbeddings(paths, identity, ids), identity.dimensions);
  return there.map((video, row) => ({ ...video, vector: at(vectors, row) }));
}
