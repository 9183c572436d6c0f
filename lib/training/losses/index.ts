/** The losses, one file each, as plain functions of tensors, and the table of those that train. */
export { auxiliaryLoss } from "./auxiliary";
export { ctrLoss, smoothLabels } from "./ctr";
export { marginRankingLoss } from "./margin-ranking";
export { forEachLoss, LOSSES, type LossName, lossesOf, type Targets, totalLoss } from "./terms";
