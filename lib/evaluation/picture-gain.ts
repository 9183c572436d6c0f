import type { Estimate } from "./bootstrap";
import { bounds, decimal, signed } from "./format";
import type { Check, Symptoms } from "./issues";

/**
 * Neither the model nor a logistic regression that sees the pictures is better than one that sees titles alone, by the
 * intervals on unseen channels.
 */
export function idlePictures({ report }: Symptoms): Check {
  const split = report?.channel;
  const name = "gain of pictures over titles alone";
  if (report === null || split === undefined || Number.isNaN(split.pictureGain.low))
    return { looked: `${name}: not known`, finding: null };
  const model = split.baselines.titleOnly.advantage;
  const shown = `logistic regression ${gainText(split.pictureGain)}, model ${gainText(model)}`;
  const looked = `${name} on unseen channels: ${shown} (nothing if both intervals contain 0 or are below)`;
  if (split.pictureGain.low > 0 || model.low > 0) return { looked, finding: null };
  const { model: encoder } = report.identities.image;
  const advice = [
    `try another image encoder: the pictures are now embedded by ${encoder} (docs/ENCODERS.md lists the others)`,
    "look at the thumbnails: small ones, or ones with black bars, carry little",
    "or collect more channels: with few, the intervals are wide, and a small gain cannot be seen",
  ];
  const evidence = `AUC beyond that of titles alone (${decimal(split.baselines.titleOnly.pairwiseAuc.value)}) on unseen channels: ${shown}`;
  const title = "A picture encoder that adds nothing";
  return { looked, finding: { issue: "idlePictures", title, evidence, advice } };
}

function gainText(gain: Estimate): string {
  return `${signed(gain.value)} (${bounds(gain, signed)})`;
}
