import * as tf from "@tensorflow/tfjs";
import { random } from "../../lib/base/random";
import { applyAdamW, type Compiled, dropout, type Engine, type Step } from "../../lib/engine";

const ROWS = 40;
const INPUTS = 6;
const HIDDEN = 16;
export const BATCH = 8;

/** A small net with all that a training step needs: gather, BatchNorm, dropout, clipping, AdamW, weight averages. */
export interface Net {
  /** What `step` is compiled of. */
  code: Step;
  step: Compiled;
  variables: tf.Variable[];
}

/** Builds the net; its first values are the same on every engine. */
export function smallNet(engine: Engine): Net {
  const source = random("small net");
  const values = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * source.normal());
  const fixed = (data: Float32Array, shape: number[]) => engine.variable(data, shape, { trainable: false });
  const zeros = (shape: number[]) => fixed(new Float32Array(tf.util.sizeFromShape(shape)), shape);
  const table = fixed(values(ROWS * INPUTS, 1), [ROWS, INPUTS]);
  const weights = [
    engine.variable(values(HIDDEN * INPUTS, 0.4), [HIDDEN, INPUTS], { name: "first" }),
    engine.variable(new Float32Array(HIDDEN), [HIDDEN], { name: "bias" }),
    engine.variable(new Float32Array(HIDDEN).fill(1), [HIDDEN], { name: "scale" }),
    engine.variable(values(HIDDEN, 0.3), [1, HIDDEN], { name: "last" }),
  ];
  const slots = weights.map(({ shape }) => ({ m: zeros(shape), v: zeros(shape) }));
  const sums = weights.map(({ shape }) => zeros(shape));
  const runningMean = zeros([HIDDEN]);
  const runningVariance = fixed(new Float32Array(HIDDEN).fill(1), [HIDDEN]);

  const forward = (rows: tf.Tensor, seed: tf.Tensor) => {
    const [first, bias, scale, last] = weights as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
    const x = tf.gather(table as tf.Tensor2D, rows as tf.Tensor1D);
    const hidden = tf.relu(tf.add(tf.matMul(x, first, false, true), bias));
    const { mean, variance } = tf.moments(hidden, 0);
    runningMean.assign(tf.add(tf.mul(runningMean, 0.9), tf.mul(mean, 0.1)));
    runningVariance.assign(tf.add(tf.mul(runningVariance, 0.9), tf.mul(variance, (0.1 * BATCH) / (BATCH - 1))));
    const normal = tf.mul(tf.mul(tf.sub(hidden, mean), tf.rsqrt(tf.add(variance, 1e-5))), scale);
    const outputs = tf.matMul(dropout(normal, 0.25, seed, 7), last, false, true);
    return tf.sigmoid(tf.reshape(outputs, [BATCH]));
  };

  const code = (...inputs: tf.Tensor[]) => {
    const [rows, targets, seed, hyper] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const loss = () => tf.mean(tf.squaredDifference(forward(rows, seed), targets)) as tf.Scalar;
    const { value, grads } = tf.variableGrads(loss, weights);
    const gradients = weights.map(({ name }) => grads[name] as tf.Tensor);
    const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
    const factor = tf.minimum(1, tf.div(0.1, tf.add(norm, 1e-6)));
    weights.forEach((weight, index) => {
      const slot = slots[index];
      const gradient = gradients[index];
      if (slot && gradient) applyAdamW(weight, slot, tf.mul(gradient, factor), hyper);
    });
    sums.forEach((sum, index) => {
      sum.assign(tf.add(sum, tf.mul(weights[index] as tf.Tensor, 0.05)));
    });
    return [value, norm];
  };
  const step = engine.jit(
    code,
    { shape: [BATCH], dtype: "int32" },
    { shape: [BATCH] },
    { shape: [], dtype: "int32" },
    { shape: [4] },
  );
  const moments = slots.flatMap(({ m, v }) => [m, v]);
  return { code, step, variables: [...weights, ...moments, ...sums, runningMean, runningVariance] };
}

/** Runs one step on data that depends on the step alone; t counts from 1. */
export function runStep({ step }: Net, t: number, learningRate = 1e-4): Promise<Float32Array[]> {
  return step(...fedAt(t, learningRate));
}

/** What a step is fed. */
export function fedAt(t: number, learningRate: number): [Int32Array, Float32Array, Int32Array, Float32Array] {
  const source = random("data of the small net", t);
  const rows = Int32Array.from({ length: BATCH }, () => source.integer(ROWS));
  const targets = Float32Array.from({ length: BATCH }, () => source.uniform());
  return [rows, targets, Int32Array.of(t * 1000), Float32Array.of(learningRate, 0.01, 0.9 ** t, 0.999 ** t)];
}
