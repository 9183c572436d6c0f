import type { Paths, TrainingOptions } from "../config";
import { embeddedIdentities, embeddedIds, loadEmbeddings } from "../embedding";
import type { EncoderIdentity, Store } from "../store";
import { type Assembled, assembleTrainingData, type DataSources, type Vectors } from "./assemble";
import { EncoderAmbiguous, EncoderNotEmbedded } from "./errors";

/** Names of the encoders whose vectors to train on; where only one was ever used it need not be named. */
export interface EncoderChoice {
  image?: string;
  text?: string;
}

/**
 * Joins what the store and the embedding files of a home hold.
 * @param signals by video, for `auxiliary: "signals"`
 * @throws EncoderNotEmbedded, EncoderAmbiguous, TrainingDataEmpty
 */
export async function loadTrainingData(
  store: Pick<Store, "ratedVideos" | "pairs">,
  paths: Pick<Paths, "embeddings">,
  options: Pick<TrainingOptions, "auxiliary" | "pairWeights">,
  choice: EncoderChoice = {},
  signals?: DataSources["signals"],
): Promise<Assembled> {
  const identities = await embeddedIdentities(paths);
  const image = await vectorsOf(paths, chosen(identities, "image", choice.image));
  const text = await vectorsOf(paths, chosen(identities, "text", choice.text));
  return assembleTrainingData(store, { image, text, ...(signals && { signals }) }, options);
}

function chosen(identities: EncoderIdentity[], kind: EncoderIdentity["kind"], model?: string): EncoderIdentity {
  const found = identities.filter((identity) => identity.kind === kind && (model ?? identity.model) === identity.model);
  const [only, another] = found;
  if (only === undefined) throw new EncoderNotEmbedded(kind, model);
  if (another !== undefined) throw new EncoderAmbiguous(kind, found);
  return only;
}

async function vectorsOf(paths: Pick<Paths, "embeddings">, identity: EncoderIdentity): Promise<Vectors> {
  const ids = [...(await embeddedIds(paths, identity))];
  const rows = new Map(ids.map((id, row) => [id, row]));
  const values = await loadEmbeddings(paths, identity, ids);
  const { dimensions } = identity;
  return {
    identity,
    of: (videoId) => {
      const row = rows.get(videoId);
      return row === undefined ? undefined : values.subarray(row * dimensions, (row + 1) * dimensions);
    },
  };
}
