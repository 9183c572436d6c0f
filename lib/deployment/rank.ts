import { at } from "../base";
import { winProbability } from "../metrics";
import { AUXILIARY_HEADS, type AuxiliaryHead, type Predictions } from "../model";
import { adjustedScore, type ChannelOffset } from "../runs";
import type { ModelCard } from "./card";
import { embedImages, type RankImage } from "./embed";
import { type Encoders, requireIdentity } from "./encoders";
import { RankingSizeInvalid } from "./errors";
import type { LoadedModel } from "./load-model";
import { makeNote } from "./note";
import { percentile } from "./percentile";

/** Most pictures per call; each is decoded in memory. */
const MOST = 100;

export interface RankedImage {
  image: string;
  score: number;
  /** 0-100. */
  percentile: number;
  /** 0-1 each. */
  subScores: Record<AuxiliaryHead, number>;
}

/** The output of `rank --json` and the response of the service. */
export interface Ranking {
  model: string;
  /** Best first. */
  ranking: RankedImage[];
  /** Probability that the row beats the column, in the order of `ranking`. */
  winProbability: number[][];
  note: string;
}

export interface RankRequest {
  model: LoadedModel;
  encoders: Encoders;
  images: readonly RankImage[];
  /** Scores get this channel's offset, and percentiles are within it, if the model knows it. */
  channelId?: string;
}

/**
 * Ranks thumbnails of one channel, best first; equal scores stay in the given order.
 * @throws RankingSizeInvalid, ThumbnailsRefused, ModelEncoderMismatch
 */
export async function rank({ model, encoders, images, channelId }: RankRequest): Promise<Ranking> {
  if (images.length < 1 || images.length > MOST) throw new RankingSizeInvalid(images.length, MOST);
  const { card } = model;
  requireIdentity(card.encoders.image, encoders.image.identity);
  requireIdentity(card.encoders.text, encoders.text.identity);
  const embeddings = await embedImages(encoders, images);
  const offset = channelId === undefined ? undefined : model.offsets.get(channelId);
  const predictions = withOffset(await model.predict(embeddings), embeddings, offset);
  const steps = findQuantiles(card, channelId);
  const ranked = images.map(({ image }, row) => rankedImage(image, predictions, row, steps ?? card.percentiles.all));
  const ranking = ranked.sort((a, b) => b.score - a.score);
  const scores = ranking.map(({ score }) => score);
  const matrix = scores.map((row) => scores.map((column) => winProbability(card.calibration, row, column)));
  const channel = channelId === undefined ? "none" : steps === undefined ? "unknown" : "known";
  const untitled = images.filter(({ title }) => (title ?? "").trim() === "").length;
  return {
    model: card.name,
    ranking,
    winProbability: matrix,
    note: makeNote(card, { channel, hasOffset: offset !== undefined }, untitled),
  };
}

/** The same predictions, with scores adjusted to the channel if it has an offset. */
function withOffset(predictions: Predictions, embeddings: Float32Array, offset?: ChannelOffset): Predictions {
  if (offset === undefined) return predictions;
  const width = offset.direction.length;
  const scores = predictions.scores.map((score, row) =>
    adjustedScore(score, embeddings.subarray(row * width, (row + 1) * width), offset),
  );
  return { ...predictions, scores };
}

function findQuantiles({ percentiles }: ModelCard, channelId?: string): number[] | undefined {
  if (channelId === undefined || !Object.hasOwn(percentiles.channels, channelId)) return undefined;
  return percentiles.channels[channelId];
}

function rankedImage(image: string, predictions: Predictions, row: number, steps: readonly number[]): RankedImage {
  const score = at(predictions.scores, row);
  const own = predictions.auxiliary.subarray(row * AUXILIARY_HEADS.length);
  const subScores = Object.fromEntries(AUXILIARY_HEADS.map((head, column) => [head, at(own, column)]));
  return { image, score, percentile: percentile(score, steps), subScores: subScores as Record<AuxiliaryHead, number> };
}
