import { at, groupBy } from "../base";
import { DecisionThreshold, MOST_TITLES } from "../config";
import { winProbability } from "../metrics";
import { AUXILIARY_HEADS, type AuxiliaryHead, type Predictions } from "../model";
import { adjustedScore, type ChannelOffset } from "../runs";
import type { ModelCard } from "./card";
import { type Decision, decide } from "./decision";
import { type Candidate, embedCandidates, joinVectors, type RankImage } from "./embed";
import { type Encoders, requireIdentity } from "./encoders";
import { RankingSizeInvalid } from "./errors";
import type { LoadedModel } from "./load-model";
import { makeNote } from "./note";
import { percentile } from "./percentile";

/** Most pictures per call; each is decoded in memory. */
const MOST = 100;

/** A picture with one title, and what the model says of them. */
export interface RankedImage {
  /** The picture's place among those given, from 0. */
  index: number;
  image: string;
  title: string | null;
  /** The title's place among those given for all pictures; null if none was. */
  titleIndex: number | null;
  score: number;
  /** 0-100. */
  percentile: number;
  /** 0-1 each. */
  subScores: Record<AuxiliaryHead, number>;
}

/** Every picture with every title; rows are pictures, columns titles, both in the given order. */
export interface RankingGrid {
  titles: string[];
  images: string[];
  scores: number[][];
  percentiles: number[][];
}

/** The output of `rank --json` and the response of the service. */
export interface Ranking {
  model: string;
  /** 0 for a model that was exported without versions. */
  version: number;
  /** Best first; one row for each picture with each title. */
  ranking: RankedImage[];
  /** Only with several titles. */
  grid?: RankingGrid;
  /** Probability that the row beats the column, in the order of `ranking`. */
  winProbability: number[][];
  decision: Decision;
  /** If the first beats the second with a lower probability, the decision is "cannot tell". */
  threshold: number;
  note: string;
}

interface Asked {
  /** Scores get this channel's offset, and percentiles are within it, if the model knows it. */
  channelId?: string | undefined;
  /** See `Ranking`; 0.6 by default. */
  threshold?: number | undefined;
}

export interface RankRequest extends Asked {
  model: LoadedModel;
  encoders: Encoders;
  images: readonly RankImage[];
  /** Each is combined with every picture; they replace the pictures' own. */
  titles?: readonly string[];
}

/**
 * Ranks thumbnails of one channel, best first; equal scores stay in the given order.
 * @throws RankingSizeInvalid, ThumbnailsRefused, ModelEncoderMismatch
 */
export async function rank({ model, encoders, images, titles = [], ...asked }: RankRequest): Promise<Ranking> {
  if (images.length < 1 || images.length > MOST || titles.length > MOST_TITLES)
    throw new RankingSizeInvalid(images.length, titles.length, MOST);
  requireIdentity(model.card.encoders.image, encoders.image.identity);
  requireIdentity(model.card.encoders.text, encoders.text.identity);
  return rankCandidates(model, await embedCandidates(encoders, images, titles), asked);
}

/**
 * Ranks pictures that are embedded already, best first; equal scores stay in the given order.
 * @param candidates at least one, by the model's encoders
 */
export async function rankCandidates(
  model: Pick<LoadedModel, "card" | "version" | "offsets" | "predict">,
  candidates: readonly Candidate[],
  { channelId, threshold = DecisionThreshold.parse(undefined) }: Asked = {},
): Promise<Ranking> {
  const { card } = model;
  const embeddings = joinVectors(candidates);
  const offset = channelId === undefined ? undefined : model.offsets.get(channelId);
  const predictions = withOffset(await model.predict(embeddings), embeddings, offset);
  const steps = findQuantiles(card, channelId);
  const rows = candidates.map((candidate, row) => rankRow(candidate, predictions, row, steps ?? card.percentiles.all));
  const ranking = rows.toSorted((a, b) => b.score - a.score);
  const scores = ranking.map(({ score }) => score);
  const matrix = scores.map((row) => scores.map((column) => winProbability(card.calibration, row, column)));
  const comparison = { winProbability: matrix, threshold };
  const channel = channelId === undefined ? "none" : steps === undefined ? "unknown" : "known";
  const hasOffset = offset !== undefined;
  const untitled = candidates.filter(({ title }) => (title ?? "").trim() === "").length;
  const grid = makeGrid(rows);
  return {
    model: card.name,
    version: model.version,
    ranking,
    ...(grid && { grid }),
    winProbability: matrix,
    decision: decide(comparison),
    threshold,
    note: makeNote(card, comparison, { channel, hasOffset, untitled }),
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

function rankRow(
  { index, image, title, titleIndex }: Candidate,
  predictions: Predictions,
  row: number,
  steps: readonly number[],
): RankedImage {
  const score = at(predictions.scores, row);
  const own = predictions.auxiliary.subarray(row * AUXILIARY_HEADS.length);
  const subScores = Object.fromEntries(AUXILIARY_HEADS.map((head, column) => [head, at(own, column)]));
  return {
    index,
    image,
    title,
    titleIndex,
    score,
    percentile: percentile(score, steps),
    subScores: subScores as Record<AuxiliaryHead, number>,
  };
}

/** Undefined unless there are several titles. @param rows by picture, then by title */
function makeGrid(rows: readonly RankedImage[]): RankingGrid | undefined {
  const pictures = [...groupBy(rows, ({ index }) => String(index)).values()];
  const first = pictures[0] ?? [];
  if (first.length < 2) return undefined;
  return {
    titles: first.map(({ title }) => title ?? ""),
    images: pictures.map((row) => at(row, 0).image),
    scores: pictures.map((row) => row.map(({ score }) => score)),
    percentiles: pictures.map((row) => row.map(({ percentile }) => percentile)),
  };
}
