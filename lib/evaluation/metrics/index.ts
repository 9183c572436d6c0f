/** The figures themselves: pure functions of scores, targets and pairs. They know nothing of channels or files. */
export { credit, mean, type PairRows, pairwiseAuc, pearson } from "../../metrics";
export * from "./calibration";
export * from "./correlation";
export * from "./ranks";
