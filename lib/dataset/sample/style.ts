import type { Random } from "../../base";
import { at } from "../../base";
import { hsl, type Rgb } from "./canvas";

/** What all pictures of a channel share; it has no influence on appeal. */
export interface Style {
  hue: number;
  /** Degrees from the first to the second colour of the background. */
  hueStep: number;
  background: "slope" | "rays" | "spot";
  subjectSide: "left" | "right";
  skin: Rgb;
  hair: Rgb;
  hairCut: "short" | "long" | "bald";
  shirt: Rgb;
  accent: Rgb;
}

const BACKGROUNDS = ["slope", "rays", "spot"] as const;
const HAIR_CUTS = ["short", "long", "bald"] as const;
const SKINS: Rgb[] = [
  [0.96, 0.8, 0.69],
  [0.88, 0.67, 0.52],
  [0.8, 0.58, 0.42],
  [0.62, 0.43, 0.31],
];
const HAIRS: Rgb[] = [
  [0.13, 0.1, 0.09],
  [0.36, 0.22, 0.12],
  [0.72, 0.53, 0.26],
  [0.55, 0.55, 0.57],
];

/** Draws a channel's style at random. */
export function drawStyle(source: Random): Style {
  const pick = <Choice>(choices: readonly Choice[]) => at(choices, source.integer(choices.length));
  const hue = source.integer(360);
  return {
    hue,
    hueStep: 30 + source.integer(50),
    background: pick(BACKGROUNDS),
    subjectSide: pick(["left", "right"] as const),
    skin: pick(SKINS),
    hair: pick(HAIRS),
    hairCut: pick(HAIR_CUTS),
    shirt: hsl(hue + 180, 0.65, 0.62),
    accent: hsl(hue + 150 + source.integer(60), 0.95, 0.6),
  };
}
