import { z } from "zod";
import { PairOptions, QualityOptions, Seed, SplitOptions } from "../config";
import type { LabelTrend, WithinChannels } from "../evaluation";
import type { PairsReport, QualityRule, Store } from "../store";
import { defineCommand } from "./command";
import { answer, CommonSettings, withVideos } from "./context";
import { table } from "./table";
import { LEAST_PAIRS, TooFewPairs } from "./too-few-pairs";

const ExplainSettings = z
  .strictObject({
    explain: z.boolean().default(false).meta({
      description: "also show how far each proxy and CTR target follows upload time and age within channels",
    }),
  })
  .meta({ title: "Labels" });

const DrawSettings = z.strictObject({ seed: Seed }).meta({ title: "Draws" });

export const pairsCommand = defineCommand({
  name: "pairs",
  group: "Data",
  summary:
    "apply the quality rules, rate every video within its channel, divide the channels into folds, build the pairs",
  settings: {
    quality: QualityOptions,
    pairs: PairOptions,
    splits: SplitOptions,
    draws: DrawSettings,
    labels: ExplainSettings,
    common: CommonSettings,
  },
  examples: ["", "--language none --min-views 100", "--proxy ageAdjusted --max-pairs-per-channel 300", "--explain"],
  async run({ quality, pairs, splits, draws: { seed }, labels: { explain }, common }) {
    const { report, labels } = await withVideos(common, async (store) => {
      const report = await store.buildPairs({ quality, pairs, splits, seed });
      return { report, labels: explain ? await explainLabels(store, { pairs, seed, report }) : undefined };
    });
    const text = [pairsText(report), ...(labels === undefined ? [] : [labelsText(labels)])].join("\n\n");
    answer(common, labels === undefined ? report : { ...report, labels }, text);
    if (report.folds.train.pairs < LEAST_PAIRS) throw new TooFewPairs(report, { quality, pairs });
  },
});

async function explainLabels(
  store: Store,
  { pairs, seed, report }: { pairs: PairOptions; seed: number; report: PairsReport },
): Promise<LabelTrend[]> {
  const { collect } = await import("../store");
  const { labelTrends } = await import("../evaluation");
  return labelTrends(await collect(store.labels(pairs, report.growthExponent)), seed);
}

/** Formats the labels' correlations with time and age as a table. */
export function labelsText(labels: LabelTrend[]): string {
  const rows = labels.map(({ kind, name, videos, channels, uploadTime, age }) => [
    kind === "proxy" ? "proxy" : "CTR target",
    name,
    videos,
    channels,
    ...correlation(uploadTime),
    ...correlation(age),
  ]);
  return [
    "Spearman's correlation within channels: mean (95 % interval), and the middle 80 % of the channels (docs/LABELS.md)",
    table(["label", "", "videos", "channels", "with upload time", "", "with age", ""], rows),
  ].join("\n\n");
}

function correlation({ mean, tenth, ninetieth }: WithinChannels): string[] {
  const [value, low, high, least, most] = [mean.value, mean.low, mean.high, tenth, ninetieth].map((figure) =>
    Number.isNaN(figure) ? "-" : figure.toFixed(2),
  );
  return [`${value} (${low} to ${high})`, `${least} to ${most}`];
}

/** Formats what each rule removed and what each fold holds, as two tables. */
export function pairsText(report: PairsReport): string {
  const rules = report.quality.map(({ rule, removed, applied, note }) => [rule, applied ? removed : "-", note ?? ""]);
  const folds = Object.entries(report.folds).map(([fold, { channels, videos, pairs }]) => [
    fold,
    channels,
    videos,
    pairs,
  ]);
  const { videos, kept, duplicatePictures, growthExponent, viewsUnits } = report;
  return [
    table(["rule", "removed", "note"], rules),
    `${kept} of ${videos} videos kept; ${duplicatePictures} left out of the evaluation folds because their picture occurs in another`,
    ...(viewsUnits.mixed || viewsUnits.starts ? [unitsText(viewsUnits)] : []),
    growthExponent === null ? "" : `expected growth: views ~ age^${growthExponent.toFixed(2)}`,
    table(["fold", "channels", "videos", "pairs"], folds),
    ...adviceOn(report),
  ].join("\n\n");
}

/** Says that views of several units are kept apart. */
function unitsText({ engaged = 0, mixed = 0, starts = 0 }: PairsReport["viewsUnits"]): string {
  return `views of different units are never compared: ${engaged} videos by engaged views, ${starts} by starts, ${mixed} by a public count of both (docs/LABELS.md)`;
}

/** Flags that loosen each rule. */
const FLAGS: Record<QualityRule, string> = {
  "no picture": "import with pictures",
  window: "--window-days",
  age: "--min-age-hours",
  views: "--min-views",
  duration: "--min-duration-seconds, --max-duration-seconds",
  language: "--language",
  subscribers: "--min-subscribers",
  "active channel": "--min-channel-videos, --active-days",
  "no readings at that age": "--snapshot-from-hours, --snapshot-to-hours; `thumbrank refresh` makes readings",
  outlier: "--max-deviations",
};

/** Advice on rules that removed most of the videos, and on folds without pairs. */
function adviceOn({ quality, videos, folds }: PairsReport): string[] {
  const harsh = quality.filter(({ removed }) => removed > videos / 2);
  const empty = Object.entries(folds).filter(([, { pairs }]) => pairs === 0);
  return [
    ...harsh.map(({ rule }) => `The rule "${rule}" removed most of the videos; to loosen it: ${FLAGS[rule]}`),
    ...empty.map(
      ([fold]) =>
        `The fold "${fold}" has no pairs: what it is for cannot be measured. More channels or looser rules help.`,
    ),
  ];
}
