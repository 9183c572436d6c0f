/** The losses, one file each, as plain functions of tensors. They know of no weights, data or engine. */
export { auxiliaryLoss } from "./auxiliary";
export { ctrLoss, smoothLabels } from "./ctr";
export { marginRankingLoss } from "./margin-ranking";
export { LOSS_WEIGHTS, lossesOf, type Targets } from "./total";
