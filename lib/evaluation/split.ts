import { at, random } from "../base";
import type { TrainingData } from "../features";
import type { Calibration } from "../metrics";
import * as metrics from "../metrics";
import { type BaselineName, type BaselineScores, forEachBaseline } from "./baselines";
import { bootstrap, bootstrapSums, drawGroups, type Estimate, type Statistic } from "./bootstrap";
import { channelTable } from "./channels";
import { extremePairs } from "./extremes";
import { decidedResult, gapResults } from "./gaps";
import { nicheOfChannels, type Part, pick, rowsByChannel, selectPart } from "./groups";
import { splitScores } from "./kept-scores";
import type { BaselineResult, CalibrationResult, Metrics, NicheResult, SplitResult, Standing } from "./report";
import { channelDraws, type SplitName } from "./resample";
import * as statistics from "./statistics";

/** Pairs shown as pictures, of each kind. */
const SHOWN_PAIRS = 8;

/** What is needed to measure a split. */
export interface Measured {
  data: TrainingData;
  /** By row. */
  scores: ArrayLike<number>;
  ctr: ArrayLike<number>;
  baselines: BaselineScores;
  /** By row; sample world only. */
  appeal: Float64Array | null;
  /** Fitted on the validation pairs. */
  calibration: Calibration;
  seed: number;
  resamples: number;
}

/** Measures everything on the part of the data that one split holds out. */
export function splitResult(measured: Measured, part: Part, name: SplitName): SplitResult {
  const { data, scores, baselines, calibration, seed, resamples } = measured;
  const draws = channelDraws(part, name, { seed, resamples });
  const estimate = (statistic: Statistic) => bootstrap(statistic, part.channels.length, draws);
  const { best, worst } = extremePairs(part, scores, calibration, SHOWN_PAIRS);
  const niches = nicheOfChannels(data);
  const channelResults = channelTable(data, part, scores, niches, { baselines, seed, resamples });
  return {
    channels: part.channels.length,
    effectiveChannels: effectiveGroups(channelResults.map(({ pairs }) => pairs)),
    videos: part.rows.length,
    pairs: part.pairs.winners.length,
    metrics: evaluateMetrics(measured, part, estimate),
    baselines: baselineResults(measured, part, estimate),
    pictureGain: pictureGain(measured, part, estimate),
    gaps: gapResults(part, { scores, baselines, estimate }),
    decided: decidedResult(part, { scores, baselines, estimate }),
    trueAppeal: trueAppeal(measured, part, estimate),
    calibration: evaluateCalibration(measured, part, estimate),
    niches: nicheTable(measured, part, niches, name),
    channelResults,
    standings: standings(measured, part),
    scores: splitScores(data, part, scores),
    bestPairs: best,
    worstPairs: worst,
  };
}

/** Kish's effective number of groups of these sizes; 0 if there are none. */
export function effectiveGroups(sizes: number[]): number {
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total === 0 ? 0 : total ** 2 / sizes.reduce((sum, size) => sum + size ** 2, 0);
}

const NONE: Estimate = { value: Number.NaN, low: Number.NaN, high: Number.NaN };

type Estimator = (statistic: Statistic) => Estimate;

function evaluateMetrics({ data, scores, ctr }: Measured, part: Part, estimate: Estimator): Metrics {
  // In the order of the proxies, but comparable over units of views.
  const proxies = Float64Array.from(data.videos, (video) => video.ctrProxy);
  return {
    pairwiseAuc: estimate(statistics.aucStatistic(part, scores)),
    pairwiseAucByChannel: estimate(statistics.channelMeanAuc(part, scores)),
    spearman: estimate(statistics.meanOverChannels(statistics.spearmanByChannel(part, scores, proxies))),
    spearmanPooled: estimate(statistics.pooledSpearman(part, scores, data.ctrTargets)),
    ctrCorrelation: estimate(statistics.pearsonStatistic(part, ctr, data.ctrTargets)),
  };
}

function baselineResults({ scores, baselines }: Measured, part: Part, estimate: Estimator): SplitResult["baselines"] {
  const chance = new Float64Array(scores.length);
  const result = (name: BaselineName): BaselineResult => {
    const others = baselines[name];
    if (others === null) return { pairwiseAuc: NONE, pairwiseAucByChannel: NONE, advantage: NONE };
    return {
      pairwiseAuc: estimate(statistics.aucStatistic(part, others)),
      pairwiseAucByChannel: estimate(statistics.channelMeanAuc(part, others)),
      advantage: estimate(statistics.aucDifference(part, scores, name === "random" ? chance : others)),
    };
  };
  return forEachBaseline(result);
}

function pictureGain({ baselines }: Measured, part: Part, estimate: Estimator): Estimate {
  const { logistic, titleOnly } = baselines;
  if (logistic === null || titleOnly === null) return NONE;
  return estimate(statistics.aucDifference(part, logistic, titleOnly));
}

function trueAppeal({ scores, appeal }: Measured, part: Part, estimate: Estimator): SplitResult["trueAppeal"] {
  if (appeal === null) return null;
  return {
    pairwiseAuc: estimate(statistics.aucStatistic(part, appeal)),
    recovered: estimate(statistics.recoveredStatistic(part, scores, appeal)),
  };
}

function evaluateCalibration({ scores, calibration }: Measured, part: Part, estimate: Estimator): CalibrationResult {
  const sums = statistics.calibrationByChannel(part, scores, calibration);
  const figure = (finish: (total: Float64Array) => number) =>
    estimate(bootstrapSums(sums, metrics.CALIBRATION_SUMS, finish));
  return {
    slope: calibration.slope,
    fittedOn: calibration.pairs,
    bins: metrics.reliabilityBins(metrics.calibrationSums(scores, part.pairs, calibration)),
    expectedError: figure(metrics.expectedCalibrationError),
    brier: figure(metrics.brierScore),
    logLoss: figure(metrics.logLoss),
  };
}

function nicheTable(measured: Measured, part: Part, niches: Map<string, string>, name: SplitName): NicheResult[] {
  const { data, seed, resamples } = measured;
  const names = [...new Set(part.channels.map((channelId) => niches.get(channelId) as string))];
  return names
    .toSorted((a, b) => a.localeCompare(b))
    .map((niche) => {
      const inNiche = (row: number) =>
        at(part.channelOf, row) >= 0 && niches.get(data.videos[row]?.channelId ?? "") === niche;
      const own = selectPart(data, part.pairs, inNiche);
      const draws = drawGroups(own.channels.length, resamples, random(seed, "niche", name, niche));
      const all = evaluateMetrics(measured, own, (statistic) => bootstrap(statistic, own.channels.length, draws));
      const counts = { channels: own.channels.length, videos: own.rows.length, pairs: own.pairs.winners.length };
      return {
        niche,
        ...counts,
        pairwiseAuc: all.pairwiseAuc,
        spearman: all.spearman,
        ctrCorrelation: all.ctrCorrelation,
      };
    });
}

/** Percentiles within the channel, (mid-rank - 1/2) / videos, of score and proxy. */
function standings({ data, scores }: Measured, part: Part): Standing[] {
  // In the order of the proxies, but comparable over units of views.
  const proxies = Float64Array.from(data.videos, (video) => video.ctrProxy);
  return rowsByChannel(part).flatMap((rows) => {
    const percentiles = (values: ArrayLike<number>) =>
      metrics.midRanks(pick(values, rows)).map((rank) => (rank - 0.5) / rows.length);
    const score = percentiles(scores);
    const proxy = percentiles(proxies);
    return Array.from(rows, (_, i) => ({ score: at(score, i), proxy: at(proxy, i) }));
  });
}
