import type { Progress } from "../base";
import type { Paths, TrainingOptions } from "../config";
import {
  type EmbeddedVectors,
  embeddedIdentities,
  type Geometry,
  geometryOf,
  identityHash,
  measureSignals,
  modelOf,
  openVectors,
  withoutSuperseded,
} from "../embedding";
import {
  assertPaired,
  collect,
  type EncoderIdentity,
  FOLDS,
  type Fold,
  NoPairs,
  openStoreWithVideos,
  type RatedVideo,
  type Store,
  type TrainingPair,
} from "../store";
import { EncoderAmbiguous, EncoderNotEmbedded, SignalsMissing, TrainingDataEmpty } from "./errors";
import {
  allocateFeatures,
  type DataOptions,
  type FeatureStorage,
  type Features,
  type PairSet,
  storeNumbers,
  type TrainingData,
} from "./features";
import { type Unhashed, withHash } from "./hashed";
import { assertNoLeak } from "./leak";
import { auxiliaryTargets, countTrueCtrTargets, ctrTargets, type Signals } from "./targets";

/** The folders of a home that training data is read from. */
export type DataPaths = Pick<Paths, "store" | "embeddings" | "thumbnails">;

/** Names or folders of the encoders whose vectors to train on; may be omitted if only one was ever used. */
export interface EncoderChoice {
  image?: string | undefined;
  /** `identityHash` of the image encoder, which says more than its name. */
  imageIdentity?: string | undefined;
  /** Of the image encoder. */
  geometry?: Geometry | undefined;
  text?: string | undefined;
}

/** Sources of training data besides the store. */
export interface FeatureSources {
  image: EmbeddedVectors;
  text: EmbeddedVectors;
  /** By video id; for `auxiliary: "signals"`. */
  signals?: ReadonlyMap<string, Signals> | undefined;
}

/** Training data, and the rated videos left out of it because they lack an image or a title vector. */
export interface LoadedFeatures {
  data: TrainingData;
  withoutVectors: string[];
}

/**
 * Loads the training data of a home: its store's rated videos and pairs, joined with its embedding files. For
 * `auxiliary: "signals"`, thumbnails without measurements are measured first.
 * @throws NoVideos, NoPairs, EncoderNotEmbedded, EncoderAmbiguous, and what `joinFeatures` throws
 */
export async function* loadFeatures(
  paths: DataPaths,
  options: DataOptions,
  choice: EncoderChoice = {},
): AsyncGenerator<Progress, LoadedFeatures> {
  const store = await openStoreWithVideos(paths);
  try {
    const rated = options.auxiliary === "signals" ? await collect(store.ratedVideos()) : undefined;
    const signals = rated && (yield* measureSignals(paths, rated));
    await assertPaired(store);
    return await joinFeatures(store, { ...(await openChosenVectors(paths, choice)), signals }, options);
  } finally {
    await store.close();
  }
}

/**
 * Opens the home's image and title vectors made by the chosen encoders.
 * @throws EncoderNotEmbedded, EncoderAmbiguous
 */
export async function openChosenVectors(
  paths: Pick<Paths, "embeddings">,
  choice: EncoderChoice = {},
): Promise<Pick<FeatureSources, "image" | "text">> {
  const identities = withoutSuperseded(await embeddedIdentities(paths));
  const chosen = (kind: EncoderIdentity["kind"]) => {
    const { [kind]: named } = choice;
    return chooseEncoder(identities, kind, { ...choice, [kind]: named && modelOf(kind, named) });
  };
  const image = await openVectors(paths, chosen("image"));
  const text = await openVectors(paths, chosen("text"));
  return { image, text };
}

function chooseEncoder(
  identities: EncoderIdentity[],
  kind: EncoderIdentity["kind"],
  { [kind]: model, geometry, imageIdentity }: EncoderChoice,
): EncoderIdentity {
  const ofKind = identities.filter((identity) => identity.kind === kind);
  const exact = kind === "image" && ofKind.find((identity) => identityHash(identity) === imageIdentity);
  if (exact) return exact;
  const isWanted = (identity: EncoderIdentity) =>
    kind === "text" || geometry === undefined || geometryOf(identity.preprocessing) === geometry;
  const found = ofKind.filter((identity) => (model ?? identity.model) === identity.model && isWanted(identity));
  const [only, another] = found;
  if (only === undefined) throw new EncoderNotEmbedded(kind, ofKind, model, kind === "image" ? geometry : undefined);
  if (another !== undefined) throw new EncoderAmbiguous(kind, found);
  return only;
}

/**
 * Joins rated videos, pairs, vectors and targets into arrays. Videos without vectors are left out, together with their
 * pairs.
 * @throws LeakFound if the folds are not separate
 * @throws NoPairs if no video is rated, TrainingDataEmpty if no video has both vectors
 * @throws SignalsMissing if `auxiliary` is "signals" and there are none
 */
export async function joinFeatures(
  store: Pick<Store, "ratedVideos" | "pairs">,
  sources: FeatureSources,
  options: DataOptions,
): Promise<LoadedFeatures> {
  if (options.auxiliary === "signals" && sources.signals === undefined) throw new SignalsMissing();
  const rated = await collect(store.ratedVideos());
  if (rated.length === 0) throw new NoPairs();
  const { image, text } = sources;
  const videos = rated.filter(({ videoId }) => image.rows.has(videoId) && text.rows.has(videoId));
  if (videos.length === 0) throw new TrainingDataEmpty(rated.length, image.identity, text.identity);
  const stored = await collect(store.pairs());
  assertNoLeak(rated, stored);
  const rows = new Map(videos.map(({ videoId }, row) => [videoId, row]));
  const pairs = joinPairs(stored, rows, options.pairWeights);
  const withoutVectors = rated.flatMap(({ videoId }) => (rows.has(videoId) ? [] : [videoId]));
  return { data: withHash({ ...(await joinVideos(videos, sources, options)), pairs }), withoutVectors };
}

async function joinVideos(
  videos: RatedVideo[],
  sources: FeatureSources,
  { auxiliary, ctrTarget, featureStorage = "float32" }: DataOptions,
): Promise<Omit<Unhashed, "pairs">> {
  const { image, text, signals } = sources;
  const ctr = ctrTargets(videos, ctrTarget);
  const measured = auxiliary === "signals" ? videos.map(({ videoId }) => signals?.get(videoId)) : [];
  return {
    videos,
    features: await readVectors(videos, sources, featureStorage),
    imageDim: image.identity.dimensions,
    textDim: text.identity.dimensions,
    ctrTargets: ctr,
    trueCtrTargets: countTrueCtrTargets(videos, ctrTarget),
    auxiliaryTargets: auxiliaryTargets(ctr, measured),
    identities: { image: image.identity, text: text.identity },
  };
}

/** Reads each file in one pass, directly into the joined rows. */
async function readVectors(
  videos: RatedVideo[],
  { image, text }: FeatureSources,
  storage: FeatureStorage,
): Promise<Features> {
  const imageDim = image.identity.dimensions;
  const textDim = text.identity.dimensions;
  const width = imageDim + textDim;
  const features = allocateFeatures(storage, videos.length * width);
  const ids = videos.map(({ videoId }) => videoId);
  await image.read(ids, (block, from, row) =>
    storeNumbers(features, row * width, block.subarray(from, from + imageDim)),
  );
  await text.read(ids, (block, from, row) =>
    storeNumbers(features, row * width + imageDim, block.subarray(from, from + textDim)),
  );
  return features;
}

function joinPairs(
  pairs: TrainingPair[],
  rows: ReadonlyMap<string, number>,
  weighting: TrainingOptions["pairWeights"],
): Record<Fold, PairSet> {
  const present = pairs.filter(({ winnerId, loserId }) => rows.has(winnerId) && rows.has(loserId));
  const sets = FOLDS.map((fold) => [
    fold,
    pairSet(
      present.filter((pair) => pair.fold === fold),
      rows,
      weighting,
    ),
  ]);
  return Object.fromEntries(sets) as Record<Fold, PairSet>;
}

function pairSet(
  pairs: TrainingPair[],
  rows: ReadonlyMap<string, number>,
  weighting: TrainingOptions["pairWeights"],
): PairSet {
  return {
    winners: Int32Array.from(pairs, ({ winnerId }) => rows.get(winnerId) as number),
    losers: Int32Array.from(pairs, ({ loserId }) => rows.get(loserId) as number),
    margins: Float32Array.from(pairs, ({ margin }) => margin),
    weights: pairWeights(pairs, weighting),
  };
}

/** The power of a channel's number of pairs that the weight of each is divided by. */
const POWERS = { equal: 0, sqrt: 0.5, channel: 1 };

/** Weights of pairs, scaled to mean 1: with "channel" all channels have the same total, with "equal" all pairs do. */
function pairWeights(pairs: TrainingPair[], weighting: TrainingOptions["pairWeights"]): Float32Array {
  const counts = new Map<string, number>();
  for (const { channelId } of pairs) counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
  const power = POWERS[weighting];
  const total = [...counts.values()].reduce((sum, count) => sum + count ** (1 - power), 0);
  const scale = pairs.length / total;
  return Float32Array.from(pairs, ({ channelId }) => scale / (counts.get(channelId) as number) ** power);
}
