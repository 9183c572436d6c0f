import { escapeHtml } from "../../base";
import { countViewsUnits } from "../../features";
import { BASELINES } from "../baselines";
import { bounds, counted, decimal, verdictOnAdvantage } from "../format";
import { correlationName } from "../labels";
import type { EvaluationReport, SplitResult } from "../report";

/** The result of the split by channel in two plain sentences. */
export function answer({ metrics, baselines }: SplitResult): string {
  const { value, low, high } = metrics.pairwiseAuc;
  if (Number.isNaN(value))
    return "There are no pairs of unseen channels in these data, so this question has no answer here.";
  const range = Number.isNaN(low) ? "" : `; 95 % interval ${decimal(100 * low, 1)} to ${decimal(100 * high, 1)} %`;
  const share = `Of two videos of a channel it has never seen, the model picks the more successful in <b>${decimal(100 * value, 1)} %</b> of pairs (chance: 50 %${range}); with each channel counting the same, in ${decimal(100 * metrics.pairwiseAucByChannel.value, 1)} %.`;
  return `${share} ${compareWithChance(metrics.pairwiseAuc)} ${compareWithLogistic(baselines.logistic)}`;
}

function compareWithChance({ low, high }: { low: number; high: number }): string {
  if (Number.isNaN(low)) return "With so few channels, whether that is more than chance cannot be told.";
  if (low > 0.5) return "That is more than chance explains.";
  return high < 0.5 ? "That is worse than chance: look at the labels." : "That cannot be told apart from chance.";
}

function compareWithLogistic({ advantage }: SplitResult["baselines"]["logistic"]): string {
  const against = "logistic regression on the same embeddings";
  const verdict = verdictOnAdvantage(advantage);
  if (verdict === "model is better") return `It beats ${against}.`;
  if (verdict === "model is worse") return `${against[0]?.toUpperCase()}${against.slice(1)} does better.`;
  return `It cannot be told apart from ${against}.`;
}

/** Shown at the top of every report on the sample world. */
export const SYNTHETIC_NOTICE =
  '<p class="notice"><b>Synthetic data.</b> These thumbnails, titles and views were drawn by a program whose rule for appeal is known. Figures here show that the pipeline finds a signal that is there; they say nothing about YouTube.</p>';

/** What a score means, and what it does not. */
export function meaning({ ctrTarget, trueCtrTargets, videos }: EvaluationReport): string {
  const items = [
    "<b>A score compares thumbnails of one channel.</b> Its size means nothing by itself, may be negative, and must not be compared across channels.",
    "<b>Success is measured by an engagement proxy</b>, views per hour (or the same adjusted for age, or measured between two readings). Views have many causes beside thumbnail and title: topic, day, recommendation. No model can rank these pairs perfectly.",
    CTR_MEANING[ctrTarget](`${trueCtrTargets} of ${videos.length} videos`),
    "<b>The model sees picture and title together.</b> People click on both, so a figure here is not the effect of the thumbnail alone.",
    "<b>What held for these channels need not hold for yours.</b> Two thumbnails of one video are only told apart for sure by a live test.",
  ];
  return `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}

const CTR_MEANING: Record<EvaluationReport["ctrTarget"], (known: string) => string> = {
  proxy: () =>
    "<b>There is no true click-through rate in these data.</b> The CTR head is trained on and compared with a CTR proxy: the video’s percentile of views per hour within its channel.",
  trueCtr: () => "<b>The CTR target is the owner’s true click-through rate</b>, mapped to 0–1 within the channel.",
  mixed: (known) =>
    `<b>The CTR target is the owner’s true click-through rate where it is known</b> (${known}), mapped to 0–1 within the channel, and elsewhere a CTR proxy: the video’s percentile of views per hour within its channel.`,
};

/** How the figures were computed. */
export function method(report: EvaluationReport): string {
  const { identities, baselineFits } = report;
  const fits = Object.entries(baselineFits).map(
    ([name, fit]) => `${name} ${fit.strength}${fit.converged ? "" : " (not converged)"}`,
  );
  const items = [
    `Embeddings: <code>${escapeHtml(identities.image.model)}</code> (${identities.image.dimensions}) for pictures, <code>${escapeHtml(identities.text.model)}</code> (${identities.text.dimensions}) for titles.`,
    origin(report),
    `<b>Pairwise AUC</b>: share of pairs in the right order; equal scores count one half. “Each channel counting the same” is the plain mean over channels of their own AUC, so that channels with many pairs do not decide it. <b>Spearman’s ρ</b>: rank correlation of score and proxy within each channel of at least 3 videos, plain mean over channels. <b>${correlationName(report.ctrTarget)}</b>: Pearson’s, of the CTR head’s prediction.`,
    `<b>Intervals</b>: percentile bootstrap, ${counted(report.resamples, "resample")} of whole channels; differences are taken within the same resample. With few channels they are rough, and rather too narrow. A single channel’s interval resamples its videos.`,
    `<b>Baselines</b>: ${BASELINES.map(({ label, about }) => `“${label}” ${about}`).join("; ")}. Fitted are logistic regressions without intercept on differences, L2 strength chosen by validation AUC (${fits.join(", ") || "not fitted"}).`,
    `<b>Views</b>: ${viewsUnits(report)}.`,
    `Seed ${report.seed}, data <code>${escapeHtml(report.dataHash.slice(0, 16))}</code>.`,
  ];
  return `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}

/** Where the model comes from: trained in this home, or elsewhere. */
function origin({ folds, exported }: EvaluationReport): string {
  if (exported !== null) {
    const channels =
      exported.trainingChannels === null ? "channels it does not name" : counted(exported.trainingChannels, "channel");
    const refused =
      exported.refusedChannels.length === 0
        ? "none is among these"
        : `${exported.refusedChannels.length} of them are left out here`;
    return `The exported model <code>${escapeHtml(exported.name)}</code>, trained elsewhere (data <code>${escapeHtml(exported.dataHash.slice(0, 16))}</code>) on ${channels}; ${refused}. The pairs of all folds of this home count, and the probabilities are calibrated as exported.`;
  }
  const { train, validation } = folds;
  return `Trained on ${counted(train.pairs, "pair")} of ${counted(train.channels, "channel")}; settings chosen on ${counted(validation.pairs, "pair")} of ${counted(validation.channels, "other channel")}. Model’s AUC there: ${decimal(train.pairwiseAuc)} and ${decimal(validation.pairwiseAuc)}.`;
}

/** What the views count that the videos are rated by. */
function viewsUnits({ videos }: EvaluationReport): string {
  const { engaged = 0, mixed = 0, starts = 0 } = countViewsUnits(videos);
  const parts = [
    ...(engaged > 0
      ? [`${counted(engaged, "video")} by engaged views (YouTube’s public count until August 2026)`]
      : []),
    ...(starts > 0 ? [`${counted(starts, "video")} by plays from the first frame (the public count since)`] : []),
    ...(mixed > 0 ? [`${counted(mixed, "video")} by a public count of both`] : []),
  ];
  return `${parts.join(", ")}${parts.length > 1 ? "; none is compared with one of another unit" : ""}`;
}

/** Explains the calibration figures; 0.25 and ln 2 are the scores of "always one half". */
export function calibrationWords({ calibration, pairs }: SplitResult): string {
  const { slope, expectedError, brier, logLoss } = calibration;
  const figure = (estimate: typeof brier) =>
    `<b>${decimal(estimate.value)}</b>${bounds(estimate) && ` (${bounds(estimate)})`}`;
  return `p(A beats B) = sigmoid(${decimal(slope, 2)} × (score A − score B)), the factor fitted on validation pairs. Over ${counted(pairs, "pair")}: expected calibration error ${figure(expectedError)}, Brier score ${figure(brier)}, log loss ${figure(logLoss)}. Always saying 50 % would score 0.250 and 0.693.`;
}
