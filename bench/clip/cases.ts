import type { VisionConfig } from "../../lib/model";

/** What is trained, and what products are computed in. */
export const CASES = ["last4-float32", "last4-bfloat16", "all-float32", "all-bfloat16"] as const;
export type Case = (typeof CASES)[number];

/** Blocks that are trained of a tower's last ones, and pictures of a step; peer.py has the same. */
export const PARTS = { last4: { blocks: 4, batch: 8 }, all: { blocks: 24, batch: 2 } } as const;

/** CLIP ViT-L/14's vision tower. */
export const VIT_L_14: VisionConfig = {
  imageSize: 224,
  patchSize: 14,
  width: 1024,
  blocks: 24,
  heads: 16,
  inner: 4096,
  projection: 768,
  activation: "quick_gelu",
  epsilon: 1e-5,
};
