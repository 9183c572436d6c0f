import { ownGrid, tokenCount, type VisionConfig } from "./config";

const EMBEDDINGS = "vision_model.embeddings";

/** Names of a tower's weights outside of its blocks, as `transformers` names them (its "layrnorm" included). */
export const VISION_NAMES = {
  classEmbedding: `${EMBEDDINGS}.class_embedding`,
  patchEmbedding: `${EMBEDDINGS}.patch_embedding.weight`,
  positionEmbedding: `${EMBEDDINGS}.position_embedding.weight`,
  preNorm: "vision_model.pre_layrnorm",
  postNorm: "vision_model.post_layernorm",
  projection: "visual_projection.weight",
};

/** What the names of all weights but the projection begin with. */
export const VISION = "vision_model.";
/** What the names of all weights within blocks begin with. */
export const BLOCKS = `${VISION}encoder.layers.`;

/** Names of the layers of one block, from 0. */
export function blockNames(block: number) {
  const start = `${BLOCKS}${block}`;
  const own = (name: string) => `${start}.self_attn.${name}`;
  return {
    attentionNorm: `${start}.layer_norm1`,
    attention: { query: own("q_proj"), key: own("k_proj"), value: own("v_proj"), output: own("out_proj") },
    feedForwardNorm: `${start}.layer_norm2`,
    feedForward: { inner: `${start}.mlp.fc1`, output: `${start}.mlp.fc2` },
  };
}

/** Name and shape of one weight; linear layers are [out, in]. */
export interface VisionSpec {
  name: string;
  shape: number[];
}

/**
 * Every weight of a tower, from the pixels to the projection. They do not depend on the input's grid: position
 * embeddings stay those of the tower's own square, and `embedPatches` interpolates them.
 */
export function visionSpecs(config: VisionConfig): VisionSpec[] {
  const { width, patchSize, projection } = config;
  return [
    { name: VISION_NAMES.classEmbedding, shape: [width] },
    { name: VISION_NAMES.patchEmbedding, shape: [width, 3, patchSize, patchSize] },
    { name: VISION_NAMES.positionEmbedding, shape: [tokenCount(ownGrid(config)), width] },
    ...layer(VISION_NAMES.preNorm, [width]),
    ...Array.from({ length: config.blocks }, (_, block) => blockSpecs(config, block)).flat(),
    ...layer(VISION_NAMES.postNorm, [width]),
    { name: VISION_NAMES.projection, shape: [projection, width] },
  ];
}

function blockSpecs({ width, inner }: VisionConfig, block: number): VisionSpec[] {
  const names = blockNames(block);
  return [
    ...layer(names.attentionNorm, [width]),
    ...Object.values(names.attention).flatMap((name) => layer(name, [width, width])),
    ...layer(names.feedForwardNorm, [width]),
    ...layer(names.feedForward.inner, [inner, width]),
    ...layer(names.feedForward.output, [width, inner]),
  ];
}

/** A linear layer or a normalisation. @param shape of its weight */
function layer(name: string, shape: number[]): VisionSpec[] {
  return [
    { name: `${name}.weight`, shape },
    { name: `${name}.bias`, shape: shape.slice(0, 1) },
  ];
}

/**
 * Names of the weights that fine-tuning trains: the last blocks with the post-norm and the projection after them, as
 * open_clip's `lock_image_tower` leaves them unlocked; "all" is every weight, embeddings and pre-norm included.
 * @param fineTuneBlocks at most `config.blocks`; 0 trains nothing
 * @throws RangeError for more blocks than there are
 */
export function trainedNames(config: VisionConfig, fineTuneBlocks: number | "all"): string[] {
  const names = visionSpecs(config).map(({ name }) => name);
  if (fineTuneBlocks === "all") return names;
  if (!Number.isInteger(fineTuneBlocks) || fineTuneBlocks < 0 || fineTuneBlocks > config.blocks)
    throw new RangeError(`fineTuneBlocks is 0 to ${config.blocks}, not ${fineTuneBlocks}`);
  const first = blockSpecs(config, config.blocks - fineTuneBlocks)[0]?.name ?? "";
  return fineTuneBlocks === 0 ? [] : names.slice(names.indexOf(first));
}
