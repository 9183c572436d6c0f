import { escapeHtml } from "../../base";
import { scrollingTable } from "../../page";
import { BASELINES } from "../baselines";
import type { Estimate } from "../bootstrap";
import { bounds, count, decimal, signed, verdictOnAdvantage } from "../format";
import { compareWithGuide } from "../guide";
import { correlationName } from "../labels";
import type { ChannelResult, EvaluationReport, NicheResult, SplitResult } from "../report";
import { makeScale, type Scale, strip } from "./strip";

/**
 * The model, its baselines and, if known, the best possible, each with its interval drawn to the same scale.
 * @param name name of the split, as for all tables here
 */
export function headlineTable(name: string, { metrics, baselines, bestPossible }: SplitResult): string {
  const shown = BASELINES.toReversed();
  const all = [
    metrics.pairwiseAuc,
    ...shown.map((row) => baselines[row.name].pairwiseAuc),
    ...(bestPossible ? [bestPossible.pairwiseAuc] : []),
  ];
  const scale = makeScale(all);
  const rows = [
    headlineRow("This model", "model", metrics.pairwiseAuc, scale, ""),
    ...shown.map((row) => {
      const { pairwiseAuc, advantage } = baselines[row.name];
      return headlineRow(capitalize(row.label), "other", pairwiseAuc, scale, advantageText(advantage));
    }),
    ...(bestPossible
      ? [headlineRow("Best possible", "best", bestPossible.pairwiseAuc, scale, recoveredText(bestPossible.recovered))]
      : []),
  ];
  return scrollingTable(
    `The model and its baselines: ${name}`,
    ["", "Pairwise AUC", "95 % interval", "", "Model minus this"],
    rows,
  );
}

function headlineRow(
  label: string,
  kind: "model" | "other" | "best",
  estimate: Estimate,
  scale: Scale,
  note: string,
): string {
  const figures = [`<b>${decimal(estimate.value)}</b>`, bounds(estimate), strip(estimate, scale, kind), note];
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
  return `the model recovers ${percent(recovered.value)}${range === "" ? "" : ` <span class="quiet">(${range})</span>`} of what can be`;
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

/** One row per niche. */
export function nicheTable(name: string, niches: NicheResult[], ctrTarget: EvaluationReport["ctrTarget"]): string {
  const rows = niches.map((row) => {
    const counts = [count(row.channels), count(row.videos), count(row.pairs)];
    const figures = [row.pairwiseAuc, row.spearman, row.ctrCorrelation].map(figureText);
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

function figureText(estimate: Estimate): string {
  const range = bounds(estimate);
  return `${decimal(estimate.value)}${range === "" ? "" : ` <span class="quiet">(${range})</span>`}`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
