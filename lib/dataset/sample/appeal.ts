import type { Random } from "../../base";
import type { Edges } from "./edges";

/** What makes a sample video appealing; every factor is visible in its picture or its title. */
export interface Factors {
  /** Factors of the picture, each uniform in 0-1. */
  contrast: number;
  saturation: number;
  subjectSize: number;
  sharpness: number;
  clutter: number;
  /** Factors of the title. */
  question: boolean;
  number: boolean;
  /** A word such as "best" or "never". */
  hook: boolean;
  /** Words added at the end, 0 to 2: rambling titles lose. */
  rambling: number;
  /** What is drawn near the left and right edges; only in a world whose appeal depends on it. */
  edges?: Edges;
}

/** Probability that a title has each feature, so that a factor's effect does not depend on its frequency. */
const TITLE_SHARES = { question: 0.4, number: 0.5, hook: 0.4 } as const;

const WEIGHTS = {
  contrast: 0.5,
  saturation: 0.55,
  subjectSize: 0.5,
  sharpness: 0.45,
  clutter: -0.25,
  question: 0.3,
  number: 0.35,
  hook: 0.35,
  rambling: -0.2,
  largeInContrast: 0.15,
} as const;

const LENGTH = Math.hypot(...Object.values(WEIGHTS));

/**
 * The planted truth: a weighted sum of the factors, each standardised to mean 0 and deviation 1, and one mild
 * interaction (a large subject gains from contrast); mean 0 and deviation 1 over the sample world. Views grow with its
 * exponential.
 * @param edgeShare share of the variance that depends on the edges, 0-1
 */
export function trueAppeal(factors: Factors, edgeShare = 0): number {
  const { edges } = factors;
  if (edges === undefined) return middleAppeal(factors);
  const outer = (uniform(edges.face) + uniform(edges.words)) * Math.SQRT1_2;
  return Math.sqrt(1 - edgeShare) * middleAppeal(factors) + Math.sqrt(edgeShare) * outer;
}

function middleAppeal(factors: Factors): number {
  const contrast = uniform(factors.contrast);
  const subjectSize = uniform(factors.subjectSize);
  const terms: Record<keyof typeof WEIGHTS, number> = {
    contrast,
    saturation: uniform(factors.saturation),
    subjectSize,
    sharpness: uniform(factors.sharpness),
    clutter: uniform(factors.clutter),
    question: sign(factors.question, TITLE_SHARES.question),
    number: sign(factors.number, TITLE_SHARES.number),
    hook: sign(factors.hook, TITLE_SHARES.hook),
    rambling: (factors.rambling - 1) / Math.sqrt(2 / 3),
    largeInContrast: contrast * subjectSize,
  };
  const names = Object.keys(terms) as (keyof typeof WEIGHTS)[];
  return names.reduce((sum, name) => sum + WEIGHTS[name] * terms[name], 0) / LENGTH;
}

const uniform = (value: number) => (value - 0.5) * Math.sqrt(12);
const sign = (there: boolean, share: number) => (Number(there) - share) / Math.sqrt(share * (1 - share));

export function drawFactors(source: Random): Factors {
  return {
    contrast: source.uniform(),
    saturation: source.uniform(),
    subjectSize: source.uniform(),
    sharpness: source.uniform(),
    clutter: source.uniform(),
    question: source.uniform() < TITLE_SHARES.question,
    number: source.uniform() < TITLE_SHARES.number,
    hook: source.uniform() < TITLE_SHARES.hook,
    rambling: source.integer(3),
  };
}
