import type { SampleVideo } from "../../lib/dataset";

/** Every number of a picture is told in this many words, such as contrast-0 to contrast-7. */
const LEVELS = 8;
const HUES = 12;

/** What is drawn in a picture of the sample world, in words: the caption that the tower learns to find it by. */
export function captionOf({ niche, style, factors }: SampleVideo["look"]): string[] {
  const { contrast, saturation, subjectSize, sharpness, clutter, edges } = factors;
  const amounts = { contrast, saturation, subjectSize, sharpness, clutter, face: edges?.face, words: edges?.words };
  const levels = Object.entries(amounts).flatMap(([name, amount]) =>
    amount === undefined ? [] : [`${name}-${Math.min(LEVELS - 1, Math.floor(amount * LEVELS))}`],
  );
  const hue = `hue-${Math.floor((((style.hue % 360) + 360) % 360) / (360 / HUES))}`;
  return [niche, hue, style.background, style.subjectSide, style.hairCut, ...levels];
}

/** The captions' words, in alphabetical order. */
export function vocabularyOf(captions: readonly string[][]): Map<string, number> {
  return new Map([...new Set(captions.flat())].sort().map((word, index) => [word, index]));
}

/** Marks each caption's words with 1. @returns [captions, vocabulary] */
export function bagsOf(captions: readonly string[][], vocabulary: ReadonlyMap<string, number>): Float32Array {
  const bags = new Float32Array(captions.length * vocabulary.size);
  for (const [row, words] of captions.entries())
    for (const word of words) {
      const column = vocabulary.get(word);
      if (column !== undefined) bags[row * vocabulary.size + column] = 1;
    }
  return bags;
}
