import { escapeHtml } from "../../base";
import { writeAtomically } from "../../files";
import { COLOURS, scrollingTable } from "../../page";
import type { EpochRecord } from "../../runs";
import { validationAuc } from "../../runs";
import { bounds, decimal, signed } from "../format";
import type { JsonEstimate } from "../json";
import { SPLIT_TITLES } from "../labels";
import { axes, type Figure, figurePage, figurePlace, readPlotly } from "../page";
import type { SplitName } from "../resample";
import { COMPARED_FIGURES, type ComparedRun, type RunComparison } from "./compare";
import { verdictOnDifference } from "./differences";

const RUN_COLOURS = [COLOURS.model, COLOURS.warm, COLOURS.truth, COLOURS.other];
const DASHES = ["solid", "dash", "dot"];
const SPLITS = ["channel", "time"] as const;

/** Writes a comparison as one HTML file that needs no network. */
export async function writeComparison(comparison: RunComparison, file: string): Promise<void> {
  await writeAtomically(file, comparisonPage(comparison, await readPlotly()));
}

/** @param plotly source of plotly.js */
export function comparisonPage(comparison: RunComparison, plotly: string): string {
  const { runs } = comparison;
  const figures = {
    valAuc: curves(runs, "validation AUC", ({ valAuc }) => valAuc),
    trainAuc: curves(runs, "train AUC", ({ trainAuc }) => trainAuc),
    pair: curves(runs, "mean pair loss", ({ pair }) => pair),
  };
  const names = runs.map(({ name }) => escapeHtml(name));
  const main = [
    `<h1>Runs compared: ${names.join(", ")}</h1>`,
    ...(runs.every(({ evaluation }) => evaluation === null) ? [] : [answers(comparison)]),
    `<h2>What differs</h2>${settingsTable(comparison)}`,
    `<h2>Training</h2><div class="two"><div><h3>Validation AUC</h3>${figurePlace("valAuc", "Validation AUC of each run by epoch")}</div>
<div><h3>Train AUC</h3>${figurePlace("trainAuc", "Train AUC of each run by epoch")}</div></div>
<h3>Pair loss</h3>${figurePlace("pair", "Mean pair loss of each run by epoch")}
<p class="quiet">Losses of runs with different margins or loss weights cannot be compared; AUCs can.</p>`,
    `<h2>Figures</h2>${figureTables(comparison)}`,
    ...(runs.some(({ minusFirst }) => minusFirst !== null) ? [differenceSection(comparison)] : []),
    `<h2>How to read this</h2>${method(comparison)}`,
  ];
  return figurePage(
    { title: `Thumbrank runs: ${runs.map(({ name }) => name).join(", ")}`, main: main.join("\n"), figures },
    plotly,
  );
}

function curves(runs: readonly ComparedRun[], y: string, value: (record: EpochRecord) => number | null): Figure {
  const data = runs.map(({ name, history }, index) => ({
    type: "scatter",
    mode: history.length > 1 ? "lines" : "markers",
    name: escapeHtml(name),
    x: history.map(({ epoch }) => epoch),
    y: history.map(value),
    line: {
      color: RUN_COLOURS[index % RUN_COLOURS.length],
      dash: DASHES[Math.floor(index / RUN_COLOURS.length) % DASHES.length],
      width: 2,
    },
    hovertemplate: "%{y:.4f}",
  }));
  return { data, layout: { ...axes("epoch", y), showlegend: true } };
}

function answers({ runs }: RunComparison): string {
  const first = runs[0]?.name ?? "";
  const lines = runs.flatMap(({ name, minusFirst }) => {
    if (minusFirst === null) return [];
    const { pairwiseAuc, warning } = minusFirst.channel;
    return [
      `<p class="answer">On channels never seen, ${escapeHtml(name)} minus ${escapeHtml(first)} is <b>${signed(pairwiseAuc.value)}</b> of pairwise AUC${range(pairwiseAuc)}: ${escapeHtml(verdictOnDifference(pairwiseAuc, name, first))}. ${warning}</p>`,
    ];
  });
  return lines.join("");
}

function settingsTable({ runs, settings }: RunComparison): string {
  if (settings.length === 0) return '<p class="quiet">No setting differs, and the data are the same.</p>';
  const rows = settings.map(({ name, values }) =>
    row(
      name,
      values.map((value) => escapeHtml(shown(value))),
    ),
  );
  return scrollingTable("Settings that differ", ["", ...headings(runs)], rows);
}

function figureTables({ runs }: RunComparison): string {
  const validation = row(
    "Validation AUC",
    runs.map((run) => decimal(validationAuc(run) ?? Number.NaN)),
  );
  const tables = SPLITS.map((split) => {
    const rows = COMPARED_FIGURES.map(({ name, label }) =>
      row(
        label,
        runs.map(({ evaluation }) => figureText(evaluation?.[split][name])),
      ),
    );
    const title = SPLIT_TITLES[split];
    return `<h3>${title}</h3>${scrollingTable(`Figures of each run: ${title}`, ["", ...headings(runs)], rows)}`;
  });
  return `${scrollingTable("Validation AUC of each run", ["", ...headings(runs)], [validation])}${tables.join("")}`;
}

function figureText(kept: JsonEstimate | undefined): string {
  const { value, low, high } = kept ?? { value: null, low: null, high: null };
  const estimate = { value: value ?? Number.NaN, low: low ?? Number.NaN, high: high ?? Number.NaN };
  return `${decimal(estimate.value)}${range(estimate)}`;
}

function differenceSection(comparison: RunComparison): string {
  const first = comparison.runs[0]?.name ?? "";
  const sections = SPLITS.map((split) => {
    const title = `Minus ${escapeHtml(first)}: ${SPLIT_TITLES[split].toLowerCase()}`;
    const warnings = new Set(comparison.runs.flatMap(({ minusFirst }) => minusFirst?.[split].warning || []));
    const notes = [...warnings].map((warning) => `<p class="notice">${warning}</p>`);
    return `<h3>${title}</h3>${notes.join("")}${differenceTable(comparison, split, first)}`;
  });
  return `<h2>Differences</h2>${sections.join("")}`;
}

function differenceTable({ runs }: RunComparison, split: SplitName, first: string): string {
  const rows = runs.flatMap(({ name, minusFirst }) => {
    if (minusFirst === null) return [];
    const { pairwiseAuc, pairwiseAucByChannel, agreement, isPaired } = minusFirst[split];
    const verdict = `${verdictOnDifference(pairwiseAuc, name, first)}${isPaired ? "" : " (not paired)"}`;
    return [
      row(name, [
        `<b>${signed(pairwiseAuc.value)}</b>${range(pairwiseAuc)}`,
        `${signed(pairwiseAucByChannel.value)}${range(pairwiseAucByChannel)}`,
        agreement === null ? "" : decimal(agreement.value),
        escapeHtml(verdict),
      ]),
    ];
  });
  const heads = ["", "Pairwise AUC", "Each channel the same", "Agreement (ρ)", "Verdict"];
  return scrollingTable(`Differences from ${first}: ${SPLIT_TITLES[split]}`, heads, rows);
}

function method({ runs, resamples }: RunComparison): string {
  const isPaired = runs.every(({ minusFirst }) => minusFirst === null || minusFirst.channel.isPaired);
  const draws = isPaired
    ? `Intervals of differences: paired percentile bootstrap, ${resamples} resamples of whole channels; each resample holds the same channels and pairs for both runs.`
    : `<b>The runs were measured on different pairs</b>, so each is resampled by itself, ${resamples} times, and the difference between the data is part of the interval.`;
  const items = [
    draws,
    "<b>Agreement</b>: Spearman’s ρ of the two runs’ scores within each channel, mean over channels. At 1 the runs order all videos alike.",
    "<b>Choose by validation AUC.</b> Whoever chooses the best of several runs by the figures on unseen channels has used them up: they are then too good.",
    "<b>One run of each setting says little.</b> Two seeds of the same settings differ too: <code>thumbrank train --seeds 0,1,2</code> shows by how much.",
  ];
  return `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}

function range(estimate: { value: number; low: number; high: number }): string {
  const text = bounds(estimate, decimal);
  return text === "" ? "" : ` <span class="quiet">(${text})</span>`;
}

const headings = (runs: readonly ComparedRun[]) => runs.map(({ name }) => escapeHtml(name));

const shown = (value: unknown): string => (value === undefined ? "–" : String(value));

/** @param cells HTML */
function row(name: string, cells: readonly string[]): string {
  return `<tr><th scope="row">${escapeHtml(name)}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}
