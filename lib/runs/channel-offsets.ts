import { addScaled, at, dot } from "../base";
import { asFloat32, type TrainingData } from "../features";
import { mean, quantile, ridgeDuals } from "../metrics";
import type { Fold } from "../store";

/** A channel with fewer past videos than this gets no offset: they say too little. */
const FEWEST_VIDEOS = 20;
/** Past videos of a channel that are used, the latest: the cost grows with the cube of their number. */
const MOST_VIDEOS = 300;
/** Most channels with an offset, those with the most past videos: it bounds what a model weighs. */
const MOST_CHANNELS = 2000;
/** Strengths of the ridge that are tried; features are two vectors of length 1. */
const LAMBDAS = [0.1, 0.3, 1, 3, 10, 30, 100];
/** Standard errors by which the mean gain on held-out videos must exceed 0. */
const FEWEST_ERRORS = 2;
/** Parts of a channel's past videos for cross-validation. */
const PARTS = 5;

/**
 * What a channel's own past says beside the global model, as a linear function of a video's embeddings: the adjusted score
 * is share x score + direction . embedding + constant. Within the channel it spreads as far as the score did.
 */
export interface ChannelOffset {
  /** [image dimensions + text dimensions]. */
  direction: Float32Array;
  /** 0 to 1: how much of the global score remains. */
  share: number;
  constant: number;
}

/** The offsets of the channels of a training, by channel id. */
export interface ChannelOffsets {
  /** Strength of the ridge, chosen by cross-validation within the channels' past videos. */
  lambda: number;
  /** What a standard deviation of the global score counts for, in units of the label. */
  scoreWorth: number;
  channels: ReadonlyMap<string, ChannelOffset>;
}

/** A channel's past videos. */
interface Past {
  channelId: string;
  rows: number[];
  /** Mean embedding. */
  centre: Float64Array;
  /** Products of the centred embeddings, [videos, videos]. */
  products: Float64Array;
  /** What the global score leaves of the CTR targets, centred, [videos]. */
  residuals: Float64Array;
  scoreMean: number;
  scoreSpread: number;
}

/**
 * Fits the offset of each channel with enough past videos (those of the train fold): a ridge regression on the embeddings of
 * what the global score leaves of the CTR target. Embeddings and targets are centred, scores z-scored, within the channel.
 * How much the score explains is measured on validation channels: the scores of training videos know their targets.
 * @param scores the model's, by row of the data
 * @returns null if there is no such channel, no validation video, or no strength that predicts past videos held out
 */
export function fitChannelOffsets(data: TrainingData, scores: ArrayLike<number>): ChannelOffsets | null {
  const scoreWorth = measureWorth(data, scores);
  if (Number.isNaN(scoreWorth)) return null;
  const features = asFloat32(data.features);
  const pasts = pastByChannel(data, scores).map((rows) => makePast(data, features, rows, scores, scoreWorth));
  const tried = LAMBDAS.map((lambda) => ({ lambda, gains: pasts.flatMap((past) => heldOutGains(past, lambda)) }));
  const best = tried.reduce((kept, one) => (mean(one.gains) > mean(kept.gains) ? one : kept));
  if (!isGain(best.gains)) return null;
  const fits = pasts.map((past) => ({ past, spread: spread(heldOutOffsets(past, best.lambda)) }));
  // Validation channels are few, and the model knows training channels better: its score counts at least as much as the
  // typical offset.
  const weight = Math.max(scoreWorth, quantile(Float64Array.from(fits, (fit) => fit.spread).sort(), 0.5));
  const offsets = fits.map(
    (fit) => [fit.past.channelId, fitOffset(fit.past, fit.spread, { features, lambda: best.lambda, weight })] as const,
  );
  return { lambda: best.lambda, scoreWorth: weight, channels: new Map(offsets) };
}

/** The score of a video of a known channel. @param embedding image and title vector side by side */
export function adjustedScore(
  score: number,
  embedding: ArrayLike<number>,
  { direction, share, constant }: ChannelOffset,
): number {
  let offset = constant;
  for (let column = 0; column < direction.length; column++) offset += direction[column]! * embedding[column]!;
  return share * score + offset;
}

/** The scores of all videos of the data: adjusted in channels with an offset, as they were in others. */
export function adjustedScores(
  data: TrainingData,
  scores: ArrayLike<number>,
  { channels }: Pick<ChannelOffsets, "channels">,
): Float32Array {
  const features = asFloat32(data.features);
  const width = data.imageDim + data.textDim;
  return Float32Array.from(data.videos, ({ channelId }, row) => {
    const score = at(scores, row);
    const offset = channels.get(channelId);
    return offset === undefined
      ? score
      : adjustedScore(score, features.subarray(row * width, (row + 1) * width), offset);
  });
}

/** Slope of the centred CTR target over the score's z-score in validation channels; NaN without any, at least 0. */
function measureWorth(data: TrainingData, scores: ArrayLike<number>): number {
  let products = 0;
  let squares = 0;
  for (const rows of rowsByChannel(data, "validation").values()) {
    const own = Float64Array.from(rows, (row) => at(scores, row));
    const width = spread(own);
    if (!(width > 0)) continue;
    const middle = mean(own);
    const targets = centred(rows, data.ctrTargets);
    own.forEach((score, i) => {
      const z = (score - middle) / width;
      products += z * at(targets, i);
      squares += z * z;
    });
  }
  return Math.max(0, products / squares);
}

/** Rows of the latest training videos of each channel with enough of them, oldest first. */
function pastByChannel(data: TrainingData, scores: ArrayLike<number>): number[][] {
  const published = (row: number) => at(data.videos, row).publishedAt.getTime();
  return [...rowsByChannel(data, "train").values()]
    .filter((rows) => rows.length >= FEWEST_VIDEOS && spread(Float64Array.from(rows, (row) => at(scores, row))) > 0)
    .sort((a, b) => b.length - a.length)
    .slice(0, MOST_CHANNELS)
    .map((rows) => rows.sort((a, b) => published(a) - published(b) || a - b).slice(-MOST_VIDEOS));
}

function rowsByChannel({ videos }: TrainingData, fold: Fold): Map<string, number[]> {
  const channels = new Map<string, number[]>();
  for (const [row, video] of videos.entries()) {
    if (video.fold !== fold) continue;
    const rows = channels.get(video.channelId) ?? [];
    channels.set(video.channelId, rows);
    rows.push(row);
  }
  return channels;
}

function makePast(
  data: TrainingData,
  features: Float32Array,
  rows: number[],
  scores: ArrayLike<number>,
  scoreWorth: number,
): Past {
  const width = data.imageDim + data.textDim;
  const centre = meanEmbedding(rows, features, width);
  const embeddings = rows.map((row) => centre.map((middle, column) => features[row * width + column]! - middle));
  const products = new Float64Array(rows.length ** 2);
  for (const [i, a] of embeddings.entries()) {
    for (let j = 0; j <= i; j++) {
      const product = dot(a, at(embeddings, j));
      products[i * rows.length + j] = product;
      products[j * rows.length + i] = product;
    }
  }
  const own = Float64Array.from(rows, (row) => at(scores, row));
  const scoreMean = mean(own);
  const scoreSpread = spread(own);
  const residuals = centred(rows, data.ctrTargets);
  addScaled(residuals, -scoreWorth / scoreSpread, centred(rows, scores));
  const channelId = at(data.videos, at(rows, 0)).channelId;
  return { channelId, rows, centre, products, residuals, scoreMean, scoreSpread };
}

function meanEmbedding(rows: number[], features: Float32Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (const row of rows)
    for (let column = 0; column < width; column++) sums[column]! += features[row * width + column]!;
  return sums.map((sum) => sum / rows.length);
}

/** How much less each past video's squared residual is with an offset fitted on the other parts of the past. */
function heldOutGains(past: Past, lambda: number): number[] {
  const offsets = heldOutOffsets(past, lambda);
  return Array.from(past.residuals, (residual, i) => residual ** 2 - (residual - at(offsets, i)) ** 2);
}

/** Whether the gains of videos are above 0 by more than chance explains: twice the standard error of their mean. */
function isGain(gains: number[]): boolean {
  const error = spread(Float64Array.from(gains)) / Math.sqrt(gains.length);
  return mean(gains) > FEWEST_ERRORS * error;
}

/** Offsets of each past video by the ridge of the other parts; every PARTS-th video is one part. */
function heldOutOffsets({ products, residuals }: Past, lambda: number): Float64Array {
  const count = residuals.length;
  const offsets = new Float64Array(count);
  for (let part = 0; part < PARTS; part++) {
    const others = Array.from(residuals.keys()).filter((i) => i % PARTS !== part);
    const inner = Float64Array.from(others.flatMap((i) => others.map((j) => products[i * count + j]!)));
    const duals = ridgeDuals(
      inner,
      Float64Array.from(others, (i) => residuals[i]!),
      lambda,
    );
    for (let i = part; i < count; i += PARTS)
      offsets[i] = others.reduce((sum, j, place) => sum + products[i * count + j]! * duals[place]!, 0);
  }
  return offsets;
}

/**
 * In units of the label a video is worth weight x z-score + offset. Both are scaled alike, so that the sum spreads as far as
 * the score did: win probabilities and percentiles keep their meaning.
 */
function fitOffset(
  past: Past,
  offsetSpread: number,
  { features, lambda, weight }: { features: Float32Array; lambda: number; weight: number },
): ChannelOffset {
  const { rows, centre, products, residuals, scoreMean, scoreSpread } = past;
  const duals = ridgeDuals(products, residuals, lambda);
  const width = centre.length;
  const scale = Math.hypot(weight, offsetSpread);
  const direction = new Float64Array(width);
  for (const [place, row] of rows.entries()) {
    const factor = (scoreSpread / scale) * at(duals, place);
    for (let column = 0; column < width; column++)
      direction[column]! += factor * (features[row * width + column]! - centre[column]!);
  }
  const share = weight / scale;
  const constant = (1 - share) * scoreMean - dot(direction, centre);
  // As float32, in which they are stored: ranking with a stored offset gives the same scores.
  return { direction: Float32Array.from(direction), share: Math.fround(share), constant: Math.fround(constant) };
}

/** Values of some rows, less their mean. */
function centred(rows: number[], values: ArrayLike<number>): Float64Array {
  const own = Float64Array.from(rows, (row) => at(values, row));
  const middle = mean(own);
  return own.map((value) => value - middle);
}

/** Standard deviation. */
function spread(values: Float64Array): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}
