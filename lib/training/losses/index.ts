/** The losses, one file each, as plain functions of tensors, and the table of those that train. */

export { marginRankingLoss } from "./margin-ranking";
export { auxiliaryLoss, ctrLoss, smoothLabels } from "./squared-errors";
export { computeLosses, forEachLoss, LOSSES, type LossName, type Targets, totalLoss } from "./terms";
