/** Largest differences from ours that rounding explains. */
export interface Tolerance {
  /** Of a loss. */
  loss: number;
  /** Of a gradient norm, relative. */
  norm: number;
}

/**
 * The norm's is larger, since a hidden unit within rounding of zero counts on one side and not on the other, and
 * BatchNorm multiplies the gradients of units that are seldom active: against float64, PyTorch's norms are off by up to
 * 6e-4 now and then.
 */
const FLOAT32: Tolerance = { loss: 1e-5, norm: 5e-3 };
/** Factors of products have 8 bits. */
const BFLOAT16: Tolerance = { loss: 2e-3, norm: 0.1 };

/** What a step gives back: pairwise, CTR and auxiliary loss, and the gradient norm before clipping. */
export type Values = readonly [number, number, number, number];

/** Another contender computes something else. */
export class LossesDiffer extends Error {
  constructor(name: string, batch: number, step: number, ours: Values, theirs: Values) {
    const show = (numbers: Values) => numbers.map((value) => value.toPrecision(8)).join(", ");
    super(
      `${name} does other mathematics than ours at batch ${batch}: in step ${step} pairwise, CTR and auxiliary loss and gradient norm are ${show(theirs)}, ours ${show(ours)}`,
    );
    this.name = "LossesDiffer";
  }
}

/**
 * Compares losses and gradient norms step by step.
 * @returns the largest difference of a loss
 * @throws LossesDiffer
 */
export function compareLosses(name: string, batch: number, ours: readonly Values[], theirs: readonly Values[]): number {
  if (ours.length === 0 || theirs.length !== ours.length)
    throw new Error(`${name} did ${theirs.length} steps of ${ours.length}`);
  const tolerance = name.endsWith("bfloat16") ? BFLOAT16 : FLOAT32;
  let largest = 0;
  for (const [step, own] of ours.entries()) {
    const other = theirs[step] as Values;
    const difference = Math.max(...[0, 1, 2].map((at) => Math.abs((own[at] as number) - (other[at] as number))));
    const norms = Math.abs(own[3] - other[3]) / Math.abs(own[3]);
    // Put so that what is no number differs.
    const isSame = difference <= tolerance.loss && norms <= tolerance.norm;
    if (!isSame) throw new LossesDiffer(name, batch, step, own, other);
    largest = Math.max(largest, difference);
  }
  return largest;
}
