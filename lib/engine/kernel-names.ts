/** Kernels that tfjs does not have and every engine of ours does. */

/** Uniform numbers in [0, 1) of `shape`, by `seed` (an int32 scalar that is fed) and `site` (a constant). */
export const STATELESS_UNIFORM = "StatelessRandomUniform";
