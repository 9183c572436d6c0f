import * as tf from "@tensorflow/tfjs";
import { type Parameters, parameter } from "../layers";
import { attention, feedForward, gelu, layerNorm, quickGelu } from "../transformer";
import { ownGrid, type PatchGrid, tokenCount, type VisionConfig } from "./config";
import { interpolatePositions } from "./positions";
import { blockNames, VISION_NAMES } from "./specs";

/**
 * The first part of CLIP's vision tower: patches, class token, positions, pre-norm. Patches are products of matrices
 * without a convolution.
 * @param pixels [batch, 3, rows * patchSize, columns * patchSize], normalised
 * @returns [batch * tokens, width], a picture's class token before its patches
 */
export function embedPatches(
  parameters: Parameters,
  config: VisionConfig,
  grid: PatchGrid,
  pixels: tf.Tensor4D,
): tf.Tensor2D {
  const { width, patchSize: side } = config;
  const { rows, columns } = grid;
  const [batch] = pixels.shape;
  const values = 3 * side * side;
  const cut = tf.transpose(tf.reshape(pixels, [batch, 3, rows, side, columns, side]), [0, 2, 4, 1, 3, 5]);
  const kernel = tf.reshape(parameter(parameters, VISION_NAMES.patchEmbedding), [width, values]);
  const patches = tf.matMul(tf.reshape(cut, [batch * rows * columns, values]), kernel as tf.Tensor2D, false, true);
  const own = tf.reshape(parameter(parameters, VISION_NAMES.classEmbedding), [1, 1, width]);
  const tokens = tf.concat([tf.tile(own, [batch, 1, 1]), tf.reshape(patches, [batch, rows * columns, width])], 1);
  const square = parameter(parameters, VISION_NAMES.positionEmbedding) as tf.Tensor2D;
  const positions = interpolatePositions(square, ownGrid(config), grid);
  const placed = tf.reshape(tf.add(tokens, positions), [batch * tokenCount(grid), width]) as tf.Tensor2D;
  return layerNorm(parameters, VISION_NAMES.preNorm, placed, config.epsilon);
}

/** Which blocks run, and how. */
export interface BlockRange {
  /** Number of pictures. */
  batch: number;
  /** The first block, from 0. */
  from: number;
  /** The block after the last one. */
  to: number;
  /** Computes one block, by its own way: for example so that the backward pass computes it again. */
  wrap?: (block: number, compute: (hidden: tf.Tensor2D) => tf.Tensor2D) => (hidden: tf.Tensor2D) => tf.Tensor2D;
}

/**
 * Some of the tower's blocks, one after another.
 * @param hidden [batch * tokens, width]
 * @returns [batch * tokens, width]
 */
export function runBlocks(
  parameters: Parameters,
  config: VisionConfig,
  hidden: tf.Tensor2D,
  { batch, from, to, wrap = (_, compute) => compute }: BlockRange,
): tf.Tensor2D {
  let x = hidden;
  for (let block = from; block < to; block++)
    x = wrap(block, (values) => runBlock(parameters, config, values, batch, block))(x);
  return x;
}

function runBlock(
  parameters: Parameters,
  config: VisionConfig,
  hidden: tf.Tensor2D,
  batch: number,
  block: number,
): tf.Tensor2D {
  const { heads, epsilon, activation } = config;
  const names = blockNames(block);
  const before = layerNorm(parameters, names.attentionNorm, hidden, epsilon);
  const middle = tf.add<tf.Tensor2D>(hidden, attention(parameters, names.attention, before, { batch, heads }));
  const inner = layerNorm(parameters, names.feedForwardNorm, middle, epsilon);
  const activate = activation === "gelu" ? gelu : quickGelu;
  return tf.add(middle, feedForward(parameters, names.feedForward, inner, activate));
}

/**
 * The last part of the tower: the post-norm of each class token, and its projection.
 * @param hidden [batch * tokens, width]
 * @returns [batch, projection], not normalised
 */
export function poolAndProject(
  parameters: Parameters,
  { width, epsilon }: VisionConfig,
  hidden: tf.Tensor2D,
  batch: number,
): tf.Tensor2D {
  const sequences = tf.reshape(hidden, [batch, hidden.shape[0] / batch, width]);
  const first = tf.reshape(tf.slice(sequences, [0, 0, 0], [batch, 1, width]), [batch, width]) as tf.Tensor2D;
  const normal = layerNorm(parameters, VISION_NAMES.postNorm, first, epsilon);
  return tf.matMul(normal, parameter(parameters, VISION_NAMES.projection) as tf.Tensor2D, false, true);
}

/**
 * The whole tower.
 * @param pixels [batch, 3, rows * patchSize, columns * patchSize], normalised
 * @returns [batch, projection], not normalised
 */
export function embedPixels(
  parameters: Parameters,
  config: VisionConfig,
  grid: PatchGrid,
  pixels: tf.Tensor4D,
): tf.Tensor2D {
  const [batch] = pixels.shape;
  const hidden = embedPatches(parameters, config, grid, pixels);
  return poolAndProject(
    parameters,
    config,
    runBlocks(parameters, config, hidden, { batch, from: 0, to: config.blocks }),
    batch,
  );
}
