import { z } from "zod";
import { PairOptions, QualityOptions, Seed, SplitOptions } from "../config";
import type { PairsReport, QualityRule } from "../store";
import { defineCommand } from "./command";
import { answer, CommonSettings, withVideos } from "./context";
import { table } from "./table";
import { LEAST_PAIRS, TooFewPairs } from "./too-few-pairs";

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
    common: CommonSettings,
  },
  examples: ["", "--language none --min-views 100", "--proxy ageAdjusted --max-pairs-per-channel 300"],
  async run({ quality, pairs, splits, draws: { seed }, common }) {
    const report = await withVideos(common, (store) => store.buildPairs({ quality, pairs, splits, seed }));
    answer(common, report, pairsText(report));
    if (report.folds.train.pairs < LEAST_PAIRS) throw new TooFewPairs(report, { quality, pairs });
  },
});

/** Formats what each rule removed and what each fold holds, as two tables. */
export function pairsText(report: PairsReport): string {
  const rules = report.quality.map(({ rule, removed, applied, note }) => [rule, applied ? removed : "-", note ?? ""]);
  const folds = Object.entries(report.folds).map(([fold, { channels, videos, pairs }]) => [
    fold,
    channels,
    videos,
    pairs,
  ]);
  const { videos, kept, duplicatePictures, growthExponent } = report;
  return [
    table(["rule", "removed", "note"], rules),
    `${kept} of ${videos} videos kept; ${duplicatePictures} left out of the evaluation folds because their picture occurs in another`,
    growthExponent === null ? "" : `expected growth: views ~ age^${growthExponent.toFixed(2)}`,
    table(["fold", "channels", "videos", "pairs"], folds),
    ...adviceOn(report),
  ].join("\n\n");
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
