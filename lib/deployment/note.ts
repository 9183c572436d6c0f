import type { ModelCard } from "./card";
import { type Comparison, decisionText } from "./decision";
import { evaluatedMetrics } from "./metrics";

/** What the percentiles and scores of a ranking refer to. */
interface Reference {
  /** Whether percentiles are within a known channel. */
  channel: "known" | "unknown" | "none";
  /** Whether the channel's own past is in the scores. */
  hasOffset: boolean;
  /** Number of rows without a title. */
  untitled: number;
}

/**
 * What a reader of a ranking must know: the decision, what scores and percentiles can be compared with, and how reliable
 * they are.
 */
export function makeNote(card: ModelCard, comparison: Comparison, { channel, hasOffset, untitled }: Reference): string {
  return [
    decisionText(comparison, "the first", "the second"),
    "Scores order thumbnails of one channel only.",
    PERCENTILE[channel],
    describeOffset(card, channel, hasOffset),
    describeTrust(card),
    card.calibration.slope === 0
      ? "On validation pairs the scores carried no information, so every win probability is 0.5."
      : "",
    untitled > 0 ? `${untitled} had no title; the model was trained with titles.` : "",
  ]
    .filter((sentence) => sentence !== "")
    .join(" ");
}

const PERCENTILE = {
  known: "Percentiles are among this channel's own videos.",
  unknown: "The model does not know this channel: percentiles are among validation videos of all channels.",
  none: "No channel was named: percentiles are among validation videos of all channels.",
};

function describeOffset({ channelOffsets }: ModelCard, channel: keyof typeof PERCENTILE, hasOffset: boolean): string {
  if (hasOffset) return "Scores are the global model's with an offset from this channel's own past videos.";
  if (channel === "none") return "";
  return channelOffsets === undefined
    ? "The model holds no offsets of channels: scores are the global model's."
    : "The model has no offset for this channel: scores are the global model's.";
}

function describeTrust(card: ModelCard): string {
  const nothing = { value: null, low: null, high: null };
  const { value, low, high } = evaluatedMetrics(card)?.test.pairwiseAuc ?? nothing;
  if (value === null || low === null || high === null) return "The model was exported without an evaluation.";
  const interval = `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
  const doubt = low <= 0.5 ? ", which cannot be told apart from chance (0.5)" : "";
  return `On channels never seen its pairwise AUC is ${interval}${doubt}.`;
}
