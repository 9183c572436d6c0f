import { ThumbrankError } from "../base";
import { configure, listSettings, MOST_DAYS, PairOptions, QualityOptions, type SettingsSchema } from "../config";
import type { PairsReport, QualityRule } from "../store";

/** A batch needs at least two pairs, because of BatchNorm. */
export const LEAST_PAIRS = 2;

/** The rules that pairs were built with. */
export interface PairRules {
  quality: QualityOptions;
  pairs: PairOptions;
}

/** Too few pairs to train on. It names the rules that removed videos, and a command that loosens them. */
export class TooFewPairs extends ThumbrankError {
  constructor({ quality, videos, kept, folds }: PairsReport, rules: PairRules) {
    const harsh = quality.filter(({ removed }) => removed > 0);
    const removed = harsh.map(({ rule, removed }) => `"${rule}" removed ${removed}`);
    super("TOO_FEW_PAIRS", {
      what: `training needs at least ${LEAST_PAIRS} pairs and there ${folds.train.pairs === 1 ? "is 1" : "is none"}: ${kept} of ${videos} videos were kept${removed.length === 0 ? "" : ` (${removed.join(", ")})`}`,
      next: nextStep(
        harsh.map(({ rule }) => rule),
        kept,
        rules,
      ),
    });
  }
}

/** The least strict settings of each rule; training needs what the rule "no picture" asks for. */
const LOOSEST: Record<QualityRule, { quality?: Partial<QualityOptions>; pairs?: Partial<PairOptions> }> = {
  "no picture": {},
  window: { quality: { windowDays: MOST_DAYS } },
  age: { quality: { minAgeHours: 0 } },
  views: { quality: { minViews: 0 } },
  duration: { quality: { minDurationSeconds: 0, maxDurationSeconds: 1_000_000 } },
  language: { quality: { language: null } },
  subscribers: { quality: { minSubscribers: 0 } },
  "active channel": { quality: { minChannelVideos: 0 } },
  "no readings at that age": { pairs: { proxy: "viewsPerHour" } },
  outlier: { quality: { maxDeviations: 1000 } },
};
const WIDEST: Partial<PairOptions> = { windowDays: MOST_DAYS, minMargin: 0 };

function nextStep(harsh: QualityRule[], kept: number, given: PairRules): string {
  const quality = Object.assign({ ...given.quality }, ...harsh.map((rule) => LOOSEST[rule].quality));
  const pairs = Object.assign({ ...given.pairs }, ...harsh.map((rule) => LOOSEST[rule].pairs), kept > 1 ? WIDEST : {});
  const more = harsh.includes("no picture")
    ? "import the videos again with their pictures"
    : "import or collect more videos of each channel";
  const before = formatFlags(given.quality, given.pairs);
  const loosest = formatFlags(quality, pairs);
  return loosest === before ? more : `loosen the rules, at most to \`thumbrank pairs ${loosest}\`, or ${more}`;
}

function formatFlags(quality: QualityOptions, pairs: PairOptions): string {
  return [...changed(QualityOptions, quality), ...changed(PairOptions, pairs)].join(" ");
}

/** Flags for the settings that differ from the guide's. */
function changed(schema: SettingsSchema, values: Record<string, unknown>): string[] {
  const initial = configure(schema, {});
  return listSettings(schema)
    .filter(({ key }) => values[key] !== initial[key])
    .map(({ key, flag }) => (values[key] === false ? `--no-${flag}` : `--${flag} ${values[key] ?? "none"}`));
}
