/**
 * Metrics: pairwise AUC, correlations, ranks, calibration and win probabilities, as pure functions on numbers.
 * They must not know where the numbers come from.
 */
export * from "./calibration";
export * from "./ranking";
