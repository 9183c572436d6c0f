/** The outputs that later notebooks need, each with the notebook that makes it. */
export const STAGES = {
  videos: "01_collect",
  pairs: "03_pairs",
  embeddings: "04_embed",
  run: "05_train",
  evaluation: "06_evaluate",
  model: "07_deploy",
} as const;
export type Stage = keyof typeof STAGES;
