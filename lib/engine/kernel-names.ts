/** Kernels that tfjs lacks and all our engines have. */

/** Uniform numbers in [0, 1) of `shape`, by `seed` (an int32 scalar that is fed) and `site` (a constant). */
export const STATELESS_UNIFORM = "StatelessRandomUniform";
