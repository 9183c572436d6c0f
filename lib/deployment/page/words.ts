const SUB_SCORES: Record<string, string> = {
  clarity: "Clarity",
  prominence: "Prominence of the subject",
  contrast: "Contrast",
  emotion: "Emotion",
  hierarchy: "Visual hierarchy",
  title_match: "Match with the title",
};

const FIFTHS = ["very low", "low", "medium", "high", "very high"];

/** A sub-score's name and value in words. @param value 0-1 */
export function subScoreText(head: string, value: number): [string, string] {
  const fifth = Math.min(FIFTHS.length - 1, Math.floor(value * FIFTHS.length));
  return [SUB_SCORES[head] ?? head, `${FIFTHS[fifth]} (${value.toFixed(2)})`];
}

/** How to interpret a score, and how not to, as HTML. */
export const CAUTIONS = [
  "<b>A score has no unit.</b> It orders thumbnails of one channel. Scores of different channels must not be compared, and there is no score above which a thumbnail is good.",
  "<b>A probability</b> is calibrated on pairs of videos of channels that the model was not trained on. Near 50 % means that the model does not know.",
  "<b>A percentile</b> is the share of known scores below this one, from 0 to 100; the note above says of which videos.",
  "<b>The model knows no click-through rates of other people’s videos.</b> It learned from views per hour, which have many causes beside the thumbnail.",
  "<b>Clarity, prominence, contrast and the others</b> are learned from that same signal, not measured. They are hints at most.",
  "<b>Only a live test</b> tells two thumbnails of one video apart for sure.",
];
