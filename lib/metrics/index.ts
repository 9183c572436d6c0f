/**
 * Metrics: pairwise AUC, correlations, ranks, calibration, win probabilities and ridge regression, as pure functions on numbers.
 * They must not know where the numbers come from.
 */
export * from "./calibration";
export * from "./ranking";
export * from "./ridge";
