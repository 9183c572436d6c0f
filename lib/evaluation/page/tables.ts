import { escapeHtml } from "../../base";
import { scrollingTable } from "../../page";
import { BASELINES } from "../baselines";
import type { Estimate } from "../bootstrap";
import { bounds, count, decimal, signed, verdictOnAdvantage } from "../format";
import { compareWithGuide } from "../guide";
import { correlationName, gapName } from "../labels";
import type { ChannelResult, EvaluationReport, GapResult, KnownChannels, NicheResult, SplitResult } from "../report";
import { makeScale, type Scale, strip } from "./strip";

/**
 * The model, its baselines and, if known, the true appeal, each with its interval drawn to the same scale.
 * @param name name of the split, as for all tables here
 */
export function headlineTable(name: string, { metrics, baselines, trueAppeal }: SplitResult): string {
  const shown = BASELINES.toReversed();
  const all = [
    metrics.pairwiseAuc,
    ...shown.map((row) => baselines[row.name].pairwiseAuc),
    ...(trueAppeal ? [trueAppeal.pairwiseAuc] : []),
  ];
  const scale = makeScale(all);
  const rows = [
    headlineRow("This model", "model", metrics, scale, ""),
    ...shown.map(({ name, label }) =>
      headlineRow(capitalize(label), "other", baselines[name], scale, advantageText(baselines[name].advantage)),
    ),
    ...(trueAppeal
      ? [headlineRow("The true appeal", "truth", trueAppeal, scale, recoveredText(trueAppeal.recovered))]
      : []),
  ];
  return scrollingTable(
    `The model and its baselines: ${name}`,
    ["", "Pairwise AUC", "95 % interval", "", "Each channel counting the same", "Model minus this"],
    rows,
  );
}

function headlineRow(
  label: string,
  kind: "model" | "other" | "truth",
  { pairwiseAuc, pairwiseAucByChannel }: { pairwiseAuc: Estimate; pairwiseAucByChannel?: Estimate },
  scale: Scale,
  note: string,
): string {
  const byChannel = pairwiseAucByChannel === undefined ? "" : figureText(pairwiseAucByChannel);
  const drawing = strip(pairwiseAuc, scale, kind);
  const figures = [`<b>${decimal(pairwiseAuc.value)}</b>`, bounds(pairwiseAuc), drawing, byChannel, note];
  return `<tr class="${kind}"><th scope="row">${label}</th>${cells(figures)}</tr>`;
}

function advantageText(advantage: Estimate): string {
  if (Number.isNaN(advantage.value)) return "not fitted: no training pairs";
  const range = bounds(advantage, signed);
  return `${signed(advantage.value)}${range === "" ? "" : ` <span class="quiet">(${range})</span>`}, ${verdictOnAdvantage(advantage)}`;
}

function recoveredText(recovered: Estimate): string {
  if (Number.isNaN(recovered.value)) return "";
  const percent = (value: number) => `${decimal(100 * value, 0)} %`;
  const range = bounds(recovered, percent);
  return `the model recovers ${percent(recovered.value)}${range === "" ? "" : ` <span class="quiet">(${range})</span>`} of its signal`;
}

/** AUC by how clearly the winner won: one row per band, and one for all decided pairs. */
export function gapTable(name: string, { gaps, decided }: SplitResult): string {
  const shown = BASELINES.toReversed();
  const row = (label: string, gap: GapResult) => {
    const figures = [figureText(gap.pairwiseAuc), ...shown.map((baseline) => figureText(gap.baselines[baseline.name]))];
    return `<tr><th scope="row">${label}</th>${cells([count(gap.pairs), count(gap.channels), ...figures])}</tr>`;
  };
  return scrollingTable(
    `AUC by the winner’s views as a multiple of the loser’s: ${name}`,
    ["Winner’s views", "Pairs", "Channels", "This model", ...shown.map(({ label }) => capitalize(label))],
    [...gaps.map((gap) => row(gapName(gap), gap)), row(`Decided: ${gapName(decided)}`, decided)],
  );
}

/** The guide's three metrics beside its marks. */
export function targetTable(name: string, { metrics }: SplitResult, ctrTarget: EvaluationReport["ctrTarget"]): string {
  const rows = compareWithGuide({ metrics }, { ctrTarget }).map(({ metric, guide, verdict, ...estimate }) => {
    const figures = [`<b>${decimal(estimate.value)}</b>`, bounds(estimate), escapeHtml(guide), verdict];
    return `<tr><th scope="row">${capitalize(metric)}</th>${cells(figures)}</tr>`;
  });
  return scrollingTable(
    `Beside the guide’s marks: ${name}`,
    ["", "Value", "95 % interval", "The guide’s mark", "Verdict"],
    rows,
  );
}

/** The global model and the same with the offsets of known channels, on their later videos. */
export function knownTable({ global, withOffset, difference }: KnownChannels): string {
  const row = (label: string, both: KnownChannels["global"], show?: (value: number) => string) =>
    `<tr><th scope="row">${label}</th>${cells([figureText(both.pairwiseAuc, show), figureText(both.pairwiseAucByChannel, show)])}</tr>`;
  return scrollingTable(
    "Later videos of known channels, without and with the channel’s offset",
    ["", "Pairwise AUC", "Each channel counting the same"],
    [row("Global model", global), row("With the channel’s offset", withOffset), row("Difference", difference, signed)],
  );
}

/** One row per niche. */
export function nicheTable(name: string, niches: NicheResult[], ctrTarget: EvaluationReport["ctrTarget"]): string {
  const rows = niches.map((row) => {
    const counts = [count(row.channels), count(row.videos), count(row.pairs)];
    const figures = [row.pairwiseAuc, row.spearman, row.ctrCorrelation].map((estimate) => figureText(estimate));
    return `<tr><th scope="row">${escapeHtml(row.niche)}</th>${cells([...counts, ...figures])}</tr>`;
  });
  return scrollingTable(
    `Niche by niche: ${name}`,
    ["Niche", "Channels", "Videos", "Pairs", "Pairwise AUC", "Spearman’s ρ", correlationName(ctrTarget)],
    rows,
  );
}

/** One row per channel. */
export function channelTable(name: string, channels: ChannelResult[]): string {
  const rows = channels.map((row) => {
    const about = [escapeHtml(row.niche), count(row.videos), count(row.pairs)];
    const name = escapeHtml(row.channelTitle ?? row.channelId);
    return `<tr><th scope="row">${name}</th>${cells([...about, figureText(row.pairwiseAuc), decimal(row.spearman)])}</tr>`;
  });
  return scrollingTable(
    `Channel by channel: ${name}`,
    ["Channel", "Niche", "Videos", "Pairs", "Pairwise AUC", "Spearman’s ρ"],
    rows,
  );
}

function cells(contents: string[]): string {
  return contents.map((content) => `<td>${content}</td>`).join("");
}

function figureText(estimate: Estimate, show: (value: number) => string = decimal): string {
  const range = bounds(estimate, show);
  return `${show(estimate.value)}${range === "" ? "" : ` <span class="quiet">(${range})</span>`}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
