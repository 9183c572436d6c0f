/** The losses, one per file, as plain functions of tensors, and the table of those used in training. */

export { marginRankingLoss } from "./margin-ranking";
export { auxiliaryLoss, ctrLoss, smoothLabels } from "./squared-errors";
export {
  computeLosses,
  forEachLoss,
  LOSSES,
  type LossName,
  type LossWeights,
  lossWeights,
  type Targets,
  totalLoss,
} from "./terms";
