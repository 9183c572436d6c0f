import { createHash } from "node:crypto";
import type { TrainingOptions } from "../config";
import type { EmbeddedVectors } from "../embedding";
import { collect, FOLDS, type Fold, NoPairs, type RatedVideo, type Store, type TrainingPair } from "../store";
import type { DataOptions, Features, PairSet, TrainingData } from "./data";
import { SignalsMissing, TrainingDataEmpty } from "./errors";
import { type FeatureStorage, partsOf, roomForFeatures, storeNumbers } from "./features";
import { assertNoLeak } from "./leak";
import { auxiliaryTargets, ctrTargets, type Signals } from "./targets";

/** What the training data is made of, beside the store. */
export interface DataSources {
  image: EmbeddedVectors;
  text: EmbeddedVectors;
  /** By video; for `auxiliary: "signals"`. */
  signals?: ReadonlyMap<string, Signals>;
}

/** Training data, and the rated videos that are not in it since they lack an image or a title vector. */
export interface Assembled {
  data: TrainingData;
  withoutVectors: string[];
}

/**
 * Joins rated videos, pairs, vectors and targets into arrays. Videos without vectors are left out, and with them
 * their pairs.
 * @throws LeakFound where the folds are not apart
 * @throws NoPairs where no video is rated, TrainingDataEmpty where none has its vectors
 * @throws SignalsMissing for `auxiliary: "signals"` without any
 */
export async function assembleTrainingData(
  store: Pick<Store, "ratedVideos" | "pairs">,
  sources: DataSources,
  options: DataOptions,
): Promise<Assembled> {
  if (options.auxiliary === "signals" && sources.signals === undefined) throw new SignalsMissing();
  const rated = await collect(store.ratedVideos());
  if (rated.length === 0) throw new NoPairs();
  const { image, text } = sources;
  const videos = rated.filter(({ videoId }) => image.rows.has(videoId) && text.rows.has(videoId));
  if (videos.length === 0) throw new TrainingDataEmpty(rated.length, image.identity.model, text.identity.model);
  const stored = await collect(store.pairs());
  assertNoLeak(rated, stored);
  const rows = new Map(videos.map(({ videoId }, row) => [videoId, row]));
  const pairs = pairSets(stored, rows, options.pairWeights);
  const withoutVectors = rated.flatMap(({ videoId }) => (rows.has(videoId) ? [] : [videoId]));
  return { data: hashed({ ...(await arraysOf(videos, sources, options)), pairs }), withoutVectors };
}

type Unhashed = Omit<TrainingData, "dataHash">;

async function arraysOf(
  videos: RatedVideo[],
  sources: DataSources,
  { auxiliary, featureStorage = "float32" }: DataOptions,
): Promise<Omit<Unhashed, "pairs">> {
  const { image, text, signals } = sources;
  const ctr = ctrTargets(videos);
  const measured = auxiliary === "signals" ? videos.map(({ videoId }) => signals?.get(videoId)) : [];
  return {
    videos,
    features: await featuresOf(videos, sources, featureStorage),
    imageDim: image.identity.dimensions,
    textDim: text.identity.dimensions,
    ctrTargets: ctr,
    auxiliaryTargets: auxiliaryTargets(ctr, measured),
    identities: { image: image.identity, text: text.identity },
  };
}

/** One pass over each file, straight into the joined rows. */
async function featuresOf(
  videos: RatedVideo[],
  { image, text }: DataSources,
  storage: FeatureStorage,
): Promise<Features> {
  const [imageDim, textDim] = [image.identity.dimensions, text.identity.dimensions];
  const width = imageDim + textDim;
  const features = roomForFeatures(storage, videos.length * width);
  const ids = videos.map(({ videoId }) => videoId);
  await image.read(ids, (block, from, row) =>
    storeNumbers(features, row * width, block.subarray(from, from + imageDim)),
  );
  await text.read(ids, (block, from, row) =>
    storeNumbers(features, row * width + imageDim, block.subarray(from, from + textDim)),
  );
  return features;
}

function pairSets(
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
    weights: weighting === "equal" ? new Float32Array(pairs.length).fill(1) : channelWeights(pairs),
  };
}

/** 1 / (pairs of the channel), scaled to mean 1: each channel weighs as much as any other. */
function channelWeights(pairs: TrainingPair[]): Float32Array {
  const counts = new Map<string, number>();
  for (const { channelId } of pairs) counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
  const scale = pairs.length / counts.size;
  return Float32Array.from(pairs, ({ channelId }) => scale / (counts.get(channelId) as number));
}

function hashed(data: Unhashed): TrainingData {
  const hash = createHash("sha256");
  const { videos, features, pairs, identities } = data;
  hash.update(JSON.stringify([identities, videos.map(({ videoId, fold }) => [videoId, fold])]));
  for (const part of partsOf(features)) hash.update(part);
  for (const values of [data.ctrTargets, data.auxiliaryTargets]) hash.update(values);
  for (const fold of FOLDS) {
    const { winners, losers, margins, weights } = pairs[fold];
    hash.update(`${fold} ${winners.length}`);
    for (const values of [winners, losers, margins, weights]) hash.update(values);
  }
  return { ...data, dataHash: hash.digest("hex") };
}
