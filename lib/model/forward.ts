import * as tf from "@tensorflow/tfjs";
import { dropout } from "../engine";
import { AUXILIARY_HEADS } from "./architecture";
import { batchNormOfBatch, batchNormOfRunning, linear, type Parameters, parameter } from "./layers";

/** The model's output for each row. */
export interface ModelOutput {
  /** [rows]; only differences within a channel are meaningful. */
  scores: tf.Tensor1D;
  /** [rows], 0-1. */
  ctr: tf.Tensor1D;
  /** [rows, 6], 0-1, in the order of `AUXILIARY_HEADS`. */
  auxiliary: tf.Tensor2D;
}

/** How a forward pass runs: with running statistics and without dropout, or as in training. */
export type Mode = { training: false } | TrainingMode;

export interface TrainingMode {
  training: true;
  /** int32 scalar that is fed; each value gives different dropout masks. */
  seed: tf.Scalar;
  /** Multiplies every dropout rate; 0 turns dropout off. */
  dropoutScale: number;
  /** Weight of this batch in BatchNorm's running statistics; PyTorch's default if omitted. */
  momentum?: tf.Scalar;
}

export const EVALUATION: Mode = { training: false };

/**
 * Runs the whole model (guide, "Model Architecture Details").
 * @param parameters with the layers of the six sub-scores joined (`parametersIn`)
 * @param x image and title embeddings side by side, [rows, clipDim + textDim]
 */
export function forward(parameters: Parameters, x: tf.Tensor2D, mode: Mode): ModelOutput {
  const features = sharedFeatures(parameters, x);
  return {
    scores: pairwiseHead(parameters, features, mode),
    ctr: ctrHead(parameters, features, mode),
    auxiliary: auxiliaryHeads(parameters, features, mode),
  };
}

/**
 * Projects both embeddings; all heads share the result.
 * @returns [rows, hiddenDim]
 */
export function sharedFeatures(parameters: Parameters, x: tf.Tensor2D): tf.Tensor2D {
  return tf.relu(linear(parameters, "projection", x));
}

/**
 * Scores that rank thumbnails within a channel.
 * @param features [rows, hiddenDim]
 * @returns [rows]
 */
export function pairwiseHead(parameters: Parameters, features: tf.Tensor2D, mode: Mode): tf.Tensor1D {
  const first = dropoutAt(tf.relu(linear(parameters, "pairwise.0", features)), mode, 0.15, 0);
  const second = dropoutAt(tf.relu(linear(parameters, "pairwise.3", first)), mode, 0.1, 1);
  return column(linear(parameters, "pairwise.6", second));
}

/**
 * Click-through rate, or its proxy if training had no true one.
 * @param features [rows, hiddenDim]
 * @returns [rows], 0-1
 */
export function ctrHead(parameters: Parameters, features: tf.Tensor2D, mode: Mode): tf.Tensor1D {
  const first = normalise(parameters, "ctr.2", tf.relu(linear(parameters, "ctr.0", features)), mode);
  const second = linear(parameters, "ctr.4", dropoutAt(first, mode, 0.2, 2));
  const last = dropoutAt(normalise(parameters, "ctr.6", tf.relu(second), mode), mode, 0.15, 3);
  return tf.sigmoid(column(linear(parameters, "ctr.8", last)));
}

/**
 * The six sub-scores, computed from their joined layers.
 * @param features [rows, hiddenDim]
 * @returns [rows, 6], 0-1
 */
export function auxiliaryHeads(parameters: Parameters, features: tf.Tensor2D, mode: Mode): tf.Tensor2D {
  const sites = AUXILIARY_HEADS.map((_, index) => 4 + index);
  const hidden = dropoutAt(tf.relu(linear(parameters, "auxiliary.0", features)), mode, 0.1, ...sites);
  const seconds = blockDiagonal(parameter(parameters, "auxiliary.3.weight") as tf.Tensor2D);
  return tf.sigmoid(tf.add(tf.matMul(hidden, seconds, false, true), parameter(parameters, "auxiliary.3.bias")));
}

/**
 * Places row i of `rows` in the i-th block of columns, with zeros elsewhere.
 * @param rows [n, width]
 * @returns [n, n * width]
 */
function blockDiagonal(rows: tf.Tensor2D): tf.Tensor2D {
  const [count, width] = rows.shape;
  const isOwn = Float32Array.from({ length: count * count * width }, (_, i) =>
    Math.floor(i / (count * width)) === Math.floor((i % (count * width)) / width) ? 1 : 0,
  );
  return tf.mul(tf.reshape(rows, [1, count * width]), tf.tensor2d(isOwn, [count, count * width]));
}

function normalise(parameters: Parameters, name: string, x: tf.Tensor2D, mode: Mode): tf.Tensor2D {
  return mode.training ? batchNormOfBatch(parameters, name, x, mode.momentum) : batchNormOfRunning(parameters, name, x);
}

function column(x: tf.Tensor2D): tf.Tensor1D {
  return tf.reshape(x, [x.shape[0]]);
}

/**
 * Dropout at one place of the model; does nothing in evaluation mode.
 * @param x [rows, width]
 * @param rate the guide's, before `dropoutScale`
 * @param sites number of the place, so that no two share a mask; for several places side by side, one number each
 */
function dropoutAt(x: tf.Tensor2D, mode: Mode, rate: number, ...sites: number[]): tf.Tensor2D {
  const scaled = mode.training ? rate * mode.dropoutScale : 0;
  return mode.training && scaled > 0 ? (dropout(x, scaled, mode.seed, ...sites) as tf.Tensor2D) : x;
}
