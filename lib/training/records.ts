/** Means of the three losses over some pairs, and their sum. */
export interface Losses {
  pair: number;
  ctr: number;
  auxiliary: number;
  total: number;
}

/** How predictions agree with the validation fold; null where the fold has too little to say. */
export interface ValidationMetrics {
  /** Pairwise AUC on validation pairs; ties of scores count 1/2. */
  valAuc: number | null;
  /** Pearson correlation of the CTR head with the CTR target on validation videos. */
  valCorr: number | null;
}

/** One step, done; yielded at a step boundary, where a checkpoint may be taken. */
export interface StepRecord extends Losses {
  kind: "step";
  epoch: number;
  /** Within the epoch, from 0. */
  step: number;
  stepsPerEpoch: number;
  /** Steps done since the start of training, this one included. */
  globalStep: number;
  /** Global norm of the gradients before clipping. */
  gradNorm: number;
  learningRate: number;
}

/** One epoch, done. Losses and gradient norm are means over its pairs. */
export interface EpochRecord extends Losses, ValidationMetrics {
  kind: "epoch";
  /** From 0. */
  epoch: number;
  /** Pairwise AUC on a fixed sample of training pairs, in evaluation mode. */
  trainAuc: number | null;
  gradNorm: number;
  learningRate: number;
  steps: number;
  pairs: number;
  /** Epochs averaged by SWA so far, this one included. */
  swaCount: number;
  msPerStep: number;
  pairsPerSecond: number;
}

/** What training ends with: the metrics of the last weights, and of the averaged ones where SWA was in use. */
export interface TrainingResult {
  plain: ValidationMetrics;
  swa: ValidationMetrics | null;
}
