import { countViewsUnits } from "../features";
import { type BaselineName, forEachBaseline } from "./baselines";
import type { Estimate } from "./bootstrap";
import type { EvaluationReport, SplitResult } from "./report";

/** A figure in JSON: null if it is not defined. */
export interface JsonEstimate {
  value: number | null;
  low: number | null;
  high: number | null;
}

/** A split's headline figures. */
export interface JsonHeadline {
  pairwiseAuc: JsonEstimate;
  /** Each channel counts the same. */
  pairwiseAucByChannel: JsonEstimate;
  spearman: JsonEstimate;
  ctrCorrelation: JsonEstimate;
}

/** What `thumbrank evaluate --json` prints; `test` is the split by channel. */
export interface EvaluationJson {
  test: JsonHeadline;
  baselines: Record<BaselineName, { pairwiseAuc: JsonEstimate; pairwiseAucByChannel: JsonEstimate }>;
  /** Sample world only: AUC of the appeal that the pictures were drawn with. */
  trueAppeal?: { pairwiseAuc: JsonEstimate };
  splits: { channel: JsonSplit; time: JsonSplit };
  /** Later videos of channels with an offset of their own: global model, with offset, and the difference. */
  knownChannels?: unknown;
  /** Only for an exported model, evaluated on another home's videos: `test` is then on all pairs of unseen channels. */
  exported?: EvaluationReport["exported"];
  /** Number of videos with a true CTR as target, of all videos. Without any, all CTR figures refer to the proxy. */
  ctrTarget?: { kind: EvaluationReport["ctrTarget"]; trueCtr: number; videos: number };
  /** Videos by the unit of the views that they are rated by. */
  viewsUnits: ReturnType<typeof countViewsUnits>;
}

export type JsonSplit = JsonHeadline & Record<string, unknown>;

/** The report as one JSON object; single videos are omitted, the tables of channels and niches are included. */
export function toJson(report: EvaluationReport): EvaluationJson {
  const { channel, time } = report;
  const truth = channel.trueAppeal && { trueAppeal: { pairwiseAuc: figure(channel.trueAppeal.pairwiseAuc) } };
  return {
    test: headline(channel),
    baselines: baselines(channel),
    ...truth,
    splits: { channel: split(channel), time: split(time) },
    ...(report.knownChannels && { knownChannels: plain(report.knownChannels) }),
    ...(report.exported && { exported: report.exported }),
    ...(report.ctrTarget === "proxy" ? {} : { ctrTarget: ctrTarget(report) }),
    viewsUnits: countViewsUnits(report.videos),
  };
}

const ctrTarget = ({ ctrTarget: kind, trueCtrTargets, videos }: EvaluationReport) => ({
  kind,
  trueCtr: trueCtrTargets,
  videos: videos.length,
});

function split(result: SplitResult): JsonSplit {
  const { channels, effectiveChannels, videos, pairs, metrics, calibration, trueAppeal } = result;
  const truth = trueAppeal && {
    trueAppeal: { pairwiseAuc: figure(trueAppeal.pairwiseAuc), recovered: figure(trueAppeal.recovered) },
  };
  return {
    ...headline(result),
    spearmanPooled: figure(metrics.spearmanPooled),
    counts: { channels, effectiveChannels, videos, pairs },
    baselines: baselines(result),
    advantage: forEachBaseline((name) => figure(result.baselines[name].advantage)),
    pictureGain: figure(result.pictureGain),
    gaps: plain(result.gaps),
    decided: plain(result.decided),
    ...truth,
    calibration: plain(calibration),
    niches: plain(result.niches),
    channels: plain(result.channelResults),
  };
}

function headline({ metrics }: SplitResult): JsonHeadline {
  return {
    pairwiseAuc: figure(metrics.pairwiseAuc),
    pairwiseAucByChannel: figure(metrics.pairwiseAucByChannel),
    spearman: figure(metrics.spearman),
    ctrCorrelation: figure(metrics.ctrCorrelation),
  };
}

function baselines(result: SplitResult): EvaluationJson["baselines"] {
  return forEachBaseline((name) => ({
    pairwiseAuc: figure(result.baselines[name].pairwiseAuc),
    pairwiseAucByChannel: figure(result.baselines[name].pairwiseAucByChannel),
  }));
}

function figure({ value, low, high }: Estimate): JsonEstimate {
  return { value: defined(value), low: defined(low), high: defined(high) };
}

/** The same object with null for every number that is not finite, because JSON has no NaN. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === "number" ? defined(part) : part)));
}

function defined(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
