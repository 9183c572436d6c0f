/**
 * Metrics: pairwise AUC, correlations, ranks, calibration and win probabilities, as pure functions on numbers.
 * They must not know where the numbers come from.
 */
export * from "./calibration";
export * from "./correlation";
export * from "./pairs";
export * from "./ranks";
export * from "./win-probability";
