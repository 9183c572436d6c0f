import { BASELINES } from "./baselines";
import type { Estimate } from "./bootstrap";
import { bounds, count, counted, decimal, signed, verdictOnAdvantage } from "./format";
import { compareWithGuide } from "./guide";
import { correlationName, fewChannels, gapName, SPLIT_TITLES } from "./labels";
import type { EvaluationReport, GapResult, SplitResult } from "./report";

/** Formats the report as lines of text for a console, at most 100 columns wide. */
export function summaryLines(report: EvaluationReport): string[] {
  const notice = report.synthetic ? ["Synthetic data: the sample world, drawn by a known function.", ""] : [];
  const names = report.exported === null ? (["channel", "time"] as const) : (["channel"] as const);
  const splits = names.flatMap((name) => [...splitLines(SPLIT_TITLES[name], report[name], report.ctrTarget), ""]);
  const draws = `In brackets: 95 % intervals, ${report.resamples} resamples of whole channels.`;
  return [
    ...notice,
    ...splits,
    ...knownLines(report),
    ...exportedLines(report),
    ...ctrTargetLines(report),
    draws,
    "Scores compare thumbnails of one channel; across channels they mean nothing.",
  ];
}

/** The global model beside what channels' own past adds, on their later videos. */
function knownLines({ knownChannels: known, exported }: EvaluationReport): string[] {
  if (known === null) return exported === null ? [NO_OFFSETS, ""] : [];
  const rows = [
    ["pairwise AUC", "all pairs", "", "each channel the same", ""],
    ["  global model", ...bothFigures(known.global, decimal)],
    ["  with the channel's offset", ...bothFigures(known.withOffset, decimal)],
    ["  difference", ...bothFigures(known.difference, signed)],
  ];
  return [
    `Known channels, with an offset from their own past: ${counted(known.channels, "channel")}, ${counted(known.pairs, "pair")} of later videos`,
    ...table(rows, [28, 9, 18, 9, 0]),
    "",
  ];
}

const NO_OFFSETS = "Known channels: no offsets, for lack of past videos or of anything they say beside the model.";

function bothFigures(
  { pairwiseAuc, pairwiseAucByChannel }: { pairwiseAuc: Estimate; pairwiseAucByChannel: Estimate },
  show: (value: number) => string,
): string[] {
  return [pairwiseAuc, pairwiseAucByChannel].flatMap((estimate) => [
    show(estimate.value),
    formatInterval(estimate, show),
  ]);
}

/** Which pairs an exported model was evaluated on; null for a run. */
function exportedLines({ exported }: EvaluationReport): string[] {
  if (exported === null) return [];
  const { name, refusedChannels } = exported;
  const refused =
    refusedChannels.length === 0 ? "" : ` but ${counted(refusedChannels.length, "channel")} it was trained on`;
  return [
    `The exported model ${name} on the pairs of all folds of this home${refused}; baselines are not fitted here.`,
  ];
}

/** Number of videos with a true CTR as target; without any, the metric's name says that it is a proxy. */
function ctrTargetLines({ ctrTarget, trueCtrTargets, videos }: EvaluationReport): string[] {
  if (ctrTarget === "proxy") return [];
  const others = ctrTarget === "mixed" ? "; of the others it is the CTR proxy" : "";
  return [`CTR target: the owner's true CTR of ${trueCtrTargets} of ${videos.length} videos${others}.`];
}

function splitLines(title: string, split: SplitResult, target: EvaluationReport["ctrTarget"]): string[] {
  const { channels, videos, pairs, metrics } = split;
  const counts = [counted(channels, "channel"), counted(videos, "video"), counted(pairs, "pair")].join(", ");
  const rows = [
    ["pairwise AUC", "", "", "model minus it", ""],
    ["  model", ...figure(metrics.pairwiseAuc), "", ""],
    ...BASELINES.toReversed().map((baseline) => baselineRow(baseline, split)),
    ...(split.trueAppeal ? [["  true appeal", ...figure(split.trueAppeal.pairwiseAuc), recovered(split)]] : []),
  ];
  return [
    `${title}: ${counts}`,
    ...[fewChannels(split)].filter(Boolean),
    ...table(rows, [22, 6, 18, 27, 0]),
    ...comparisonLines(split),
    ...table(
      [
        ["Spearman's ρ within channels", ...figure(metrics.spearman)],
        ["Spearman's ρ pooled", ...figure(metrics.spearmanPooled)],
        [correlationName(target), ...figure(metrics.ctrCorrelation)],
      ],
      [32, 6, 0],
    ),
    "Guide:",
    ...compareWithGuide(split, { ctrTarget: target }).map(({ metric, verdict }) => `  ${metric}: ${verdict}`),
  ];
}

function baselineRow({ name, label }: (typeof BASELINES)[number], split: SplitResult): string[] {
  const { pairwiseAuc, advantage } = split.baselines[name];
  const difference = Number.isNaN(advantage.value)
    ? ""
    : `${signed(advantage.value)} ${formatInterval(advantage, signed)}`;
  return [`  ${label}`, ...figure(pairwiseAuc), difference, verdictOnAdvantage(advantage)];
}

/** The AUC of model and baselines with each channel counting the same, and by how clearly the winner won. */
function comparisonLines({ metrics, baselines, gaps, decided, pairs }: SplitResult): string[] {
  const shown = BASELINES.toReversed();
  const headings = shown.map(({ label }) => label.replace(/ .*/, ""));
  const gapRow = (label: string, gap: GapResult) => [
    `  ${label}`,
    count(gap.pairs),
    ...figure(gap.pairwiseAuc),
    ...shown.map(({ name }) => decimal(gap.baselines[name].value)),
  ];
  const rows = [
    ["pairwise AUC", "pairs", "model", "", ...headings],
    [
      "  each channel the same",
      count(pairs),
      ...figure(metrics.pairwiseAucByChannel),
      ...shown.map(({ name }) => decimal(baselines[name].pairwiseAucByChannel.value)),
    ],
    ["  by how many times the loser's views the winner has:"],
    ...gaps.map((gap) => gapRow(`  ${gapName(gap)}`, gap)),
    gapRow(`decided: ${gapName(decided)}`, decided),
  ];
  return table(rows, [28, 7, 6, 18, ...headings.map(({ length }) => Math.max(length, 5))]);
}

function recovered({ trueAppeal }: SplitResult): string {
  return trueAppeal === null ? "" : `model recovers ${decimal(100 * trueAppeal.recovered.value, 0)} % of its signal`;
}

function figure(estimate: Estimate): [string, string] {
  return [decimal(estimate.value), formatInterval(estimate)];
}

function formatInterval(estimate: Estimate, show: (value: number) => string = decimal): string {
  const text = bounds(estimate, show);
  return text === "" ? "" : `[${text}]`;
}

function table(rows: string[][], widths: number[]): string[] {
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(" ")
      .trimEnd(),
  );
}
