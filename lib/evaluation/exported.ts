import type { TrainingData } from "../features";
import type { Calibration } from "../metrics";
import { FOLDS } from "../store";
import { ChannelsKnown } from "./errors";
import { evaluate } from "./evaluate";
import type { EvaluationReport } from "./report";

/** What an exported model says of itself. */
export interface ExportedModel {
  name: string;
  calibration: Calibration;
  /** SHA-256 of the data it was trained on. */
  dataHash: string;
  /** Channels that it was trained, stopped or calibrated on; undefined if it does not name them. */
  trainingChannels?: readonly string[] | undefined;
}

/** An exported model's predictions for the videos of a home that it was not trained in. */
export interface ExportedInput {
  model: ExportedModel;
  data: TrainingData;
  /** By row of the data. */
  predictions: { scores: ArrayLike<number>; ctr: ArrayLike<number> };
  /** Sample world only: true appeal by video id. */
  trueAppeal?: ReadonlyMap<string, number> | undefined;
  /** Resamples of the bootstrap, 1,000 if omitted. */
  resamples?: number;
}

/**
 * Measures an exported model on another home's videos. To the model all their channels are unseen, so the pairs of all
 * folds count, except those of channels it was trained on. Baselines that need training pairs are left out: there are
 * none that would not be evaluated too.
 * @throws ChannelsKnown if no pairs are left, and what `evaluate` throws
 */
export function evaluateExported({ model, data, predictions, trueAppeal, resamples }: ExportedInput): EvaluationReport {
  const known = new Set(model.trainingChannels);
  const channels = new Set(data.videos.map(({ channelId }) => channelId));
  const refused = [...channels].filter((channelId) => known.has(channelId));
  const held = holdOut(data, (row) => !known.has(data.videos[row]?.channelId ?? ""));
  if (refused.length > 0 && held.pairs.test.winners.length === 0) throw new ChannelsKnown(model.name, refused.length);
  const report = evaluate({
    data: held,
    ...predictions,
    calibration: model.calibration,
    seed: 0,
    ...(trueAppeal && { trueAppeal }),
    ...(resamples !== undefined && { resamples }),
  });
  const { name, dataHash, trainingChannels } = model;
  const facts = { name, dataHash, trainingChannels: trainingChannels?.length ?? null };
  return { ...report, exported: { ...facts, refusedChannels: refused } };
}

/** The same data with every kept video in the test fold, and all pairs between kept videos there. */
function holdOut(data: TrainingData, kept: (row: number) => boolean): TrainingData {
  const sets = FOLDS.map((fold) => data.pairs[fold]);
  const isKept = sets.map(({ winners }) => Array.from(winners, kept));
  const joined = (key: "winners" | "losers" | "margins" | "weights") =>
    sets.flatMap((set, fold) => Array.from(set[key]).filter((_, pair) => isKept[fold]?.[pair]));
  const all = {
    winners: Int32Array.from(joined("winners")),
    losers: Int32Array.from(joined("losers")),
    margins: Float32Array.from(joined("margins")),
    weights: Float32Array.from(joined("weights")),
  };
  const none = {
    winners: new Int32Array(0),
    losers: new Int32Array(0),
    margins: new Float32Array(0),
    weights: new Float32Array(0),
  };
  // A refused video needs some fold; it is in no pair, and the train fold is not evaluated.
  const videos = data.videos.map((video, row) => ({
    ...video,
    fold: kept(row) ? ("test" as const) : ("train" as const),
  }));
  return { ...data, videos, pairs: { train: none, validation: none, test: all, time: none } };
}
