import type { Paths } from "../config";
import { embeddedIdentities, openVectors, withoutSuperseded } from "../embedding";
import { assertPaired, type EncoderIdentity, type Store } from "../store";
import { type Assembled, assembleTrainingData, type DataSources } from "./assemble";
import type { DataOptions } from "./data";
import { EncoderAmbiguous, EncoderNotEmbedded } from "./errors";

/** Names of the encoders whose vectors to train on; where only one was ever used it need not be named. */
export interface EncoderChoice {
  image?: string | undefined;
  text?: string | undefined;
}

/**
 * Joins what the store and the embedding files of a home hold.
 * @param signals by video, for `auxiliary: "signals"`
 * @throws NoPairs, EncoderNotEmbedded, EncoderAmbiguous, TrainingDataEmpty
 */
export async function loadTrainingData(
  store: Pick<Store, "ratedVideos" | "pairs">,
  paths: Pick<Paths, "embeddings">,
  options: DataOptions,
  choice: EncoderChoice = {},
  signals?: DataSources["signals"],
): Promise<Assembled> {
  await assertPaired(store);
  const identities = withoutSuperseded(await embeddedIdentities(paths));
  const image = await openVectors(paths, chosen(identities, "image", choice.image));
  const text = await openVectors(paths, chosen(identities, "text", choice.text));
  return assembleTrainingData(store, { image, text, ...(signals && { signals }) }, options);
}

function chosen(identities: EncoderIdentity[], kind: EncoderIdentity["kind"], model?: string): EncoderIdentity {
  const ofKind = identities.filter((identity) => identity.kind === kind);
  const found = ofKind.filter((identity) => (model ?? identity.model) === identity.model);
  const [only, another] = found;
  if (only === undefined) throw new EncoderNotEmbedded(kind, ofKind, model);
  if (another !== undefined) throw new EncoderAmbiguous(kind, found);
  return only;
}
