import { at } from "../base";
import type { TrainingData } from "../features";
import { type Calibration, calibrate, pairwiseAuc } from "../metrics";
import type { Fold } from "../store";
import { baselineScores } from "./baselines";
import { AppealMissing, PredictionNotFinite, RowsMismatch } from "./errors";
import { type Part, selectPart } from "./groups";
import { knownChannels } from "./known-channels";
import type { EvaluationReport } from "./report";
import { splitResult } from "./split";

/** A trained model's predictions on data, and the other inputs of the evaluation. */
export interface EvaluationInput {
  data: TrainingData;
  /** Score of every video, [n], by row of the data. */
  scores: ArrayLike<number>;
  /** Predicted CTR of every video, [n], 0-1. */
  ctr: ArrayLike<number>;
  /** Scores with the offsets of known channels, by row; and those channels. Omitted if there are none. */
  known?: { scores: ArrayLike<number>; channels: ReadonlySet<string> };
  /** How scores become probabilities; fitted on the validation pairs if omitted. */
  calibration?: Calibration;
  /** Sample world only: true appeal by video id. */
  trueAppeal?: ReadonlyMap<string, number>;
  seed: number;
  /** Resamples of the bootstrap, 1,000 if omitted. */
  resamples?: number;
}

/**
 * Measures a model and the baselines on both splits, with intervals over channels. The same input gives the same
 * report.
 * @throws RowsMismatch, PredictionNotFinite, AppealMissing
 */
export function evaluate(input: EvaluationInput): EvaluationReport {
  const { data, scores, ctr, seed, resamples = 1000 } = input;
  checkPredictions(input);
  const parts = {
    train: fold(data, "train"),
    validation: fold(data, "validation"),
    test: fold(data, "test"),
    time: fold(data, "time"),
  };
  const appeal = appealByRow(data, [parts.test, parts.time], input.trueAppeal);
  const { scores: baselines, fits } = baselineScores(data, seed);
  const measured = {
    data,
    scores,
    ctr,
    baselines,
    appeal,
    calibration: input.calibration ?? calibrate(data.pairs.validation, scores),
    seed,
    resamples,
  };
  return {
    videos: data.videos,
    identities: data.identities,
    dataHash: data.dataHash,
    seed,
    resamples,
    synthetic: appeal !== null,
    ctrTarget: nameCtrTarget(data),
    trueCtrTargets: data.trueCtrTargets,
    folds: {
      train: foldFacts(parts.train, scores),
      validation: foldFacts(parts.validation, scores),
      test: foldFacts(parts.test, scores),
      time: foldFacts(parts.time, scores),
    },
    baselineFits: fits,
    exported: null,
    channel: splitResult(measured, parts.test, "channel"),
    time: splitResult(measured, parts.time, "time"),
    knownChannels: input.known === undefined ? null : knownChannels(measured, parts.time, input.known),
  };
}

function fold(data: TrainingData, name: Fold): Part {
  return selectPart(data, data.pairs[name], (row) => data.videos[row]?.fold === name);
}

function foldFacts(part: Part, scores: ArrayLike<number>): EvaluationReport["folds"][Fold] {
  return {
    videos: part.rows.length,
    channels: part.channels.length,
    pairs: part.pairs.winners.length,
    pairwiseAuc: pairwiseAuc(scores, part.pairs),
  };
}

function nameCtrTarget({ trueCtrTargets, videos }: TrainingData): EvaluationReport["ctrTarget"] {
  if (trueCtrTargets === 0) return "proxy";
  return trueCtrTargets === videos.length ? "trueCtr" : "mixed";
}

function checkPredictions({ data, scores, ctr }: EvaluationInput): void {
  for (const [name, values] of [
    ["score", scores],
    ["predicted CTR", ctr],
  ] as const) {
    if (values.length !== data.videos.length) throw new RowsMismatch(name, values.length, data.videos.length);
    const bad = data.videos.findIndex((_, row) => !Number.isFinite(values[row]));
    if (bad >= 0) throw new PredictionNotFinite(name, data.videos[bad]?.videoId ?? "", at(values, bad));
  }
}

/** True appeal by row, NaN outside `parts`; null if none is given. */
function appealByRow(data: TrainingData, parts: Part[], appeal?: ReadonlyMap<string, number>): Float64Array | null {
  if (appeal === undefined) return null;
  const byRow = Float64Array.from(data.videos, (video) => appeal.get(video.videoId) ?? Number.NaN);
  const missing = parts.flatMap(({ rows }) => [...rows]).filter((row) => Number.isNaN(byRow[row]));
  const [example] = missing;
  if (example !== undefined) throw new AppealMissing(missing.length, data.videos[example]?.videoId ?? "");
  return byRow;
}
