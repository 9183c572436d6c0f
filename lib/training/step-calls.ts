import * as tf from "@tensorflow/tfjs";
import { concatenated } from "../arrays";
import type { TrainingOptions } from "../config";
import type { Compiled, TypedArray } from "../engine";
import type { Batch } from "./batches";
import { type Fed, type StepSetting, trainingStep } from "./step";

/** Losses of one step and the norm of its gradients before clipping. */
export interface StepValues {
  pair: number;
  ctr: number;
  auxiliary: number;
  total: number;
  gradNorm: number;
}

const [BETA1, BETA2] = [0.9, 0.999];

/**
 * Compiles whole training steps in a row, all in one call of the engine. Within a call nothing waits for JavaScript, and what
 * of a step needs no weights runs while the one before still updates them; the values are those of single steps to the last
 * bit.
 * @param size pairs of a batch
 * @param count steps of a call
 */
export function compileSteps(setting: StepSetting, size: number, count = 1): Compiled {
  const steps = (...inputs: tf.Tensor[]) => {
    const fed = inputs.map((input) => tf.unstack(input));
    const results = Array.from({ length: count }, (_, index) => {
      const [rows, partners, pairWeights, lambda, dropoutSeed, hyper] = fed.map((each) => each[index]);
      return trainingStep(setting, { rows, partners, pairWeights, lambda, dropoutSeed, hyper } as Fed);
    });
    return [tf.stack(results)];
  };
  return setting.engine.jit(
    steps,
    { shape: [count, 2 * size], dtype: "int32" },
    { shape: [count, 2 * size], dtype: "int32" },
    { shape: [count, size] },
    { shape: [count] },
    { shape: [count], dtype: "int32" },
    { shape: [count, 4] },
  );
}

/**
 * Runs compiled steps, one for each batch.
 * @param globalStep steps done before
 */
export async function runSteps(
  compiled: Compiled,
  batches: readonly Batch[],
  options: TrainingOptions,
  globalStep: number,
): Promise<StepValues[]> {
  const fed = batches.map((batch, index) => [...feed(batch), hyperparameters(options, globalStep + index + 1)]);
  const inputs = (fed[0] ?? []).map((_, place) => concatenated(fed.map((each) => each[place] as TypedArray)));
  const [values] = (await compiled(...inputs)) as [Float32Array];
  return batches.map((_, index) => valuesOf(values.subarray(4 * index, 4 * (index + 1))));
}

function valuesOf(values: Float32Array): StepValues {
  const [pair, ctr, auxiliary, gradNorm] = [...values] as [number, number, number, number];
  return { pair, ctr, auxiliary, total: pair + ctr + auxiliary, gradNorm };
}

/** A batch as a compiled step takes it, without what AdamW is fed. */
export function feed({ rows, partners, pairWeights, lambda, dropoutSeed }: Batch): TypedArray[] {
  return [rows, partners, pairWeights, Float32Array.of(lambda), Int32Array.of(dropoutSeed)];
}

/** What `applyAdamW` is fed at step t, counted from 1. */
export function hyperparameters({ learningRate, weightDecay }: TrainingOptions, t: number): Float32Array {
  return Float32Array.of(learningRate, weightDecay, BETA1 ** t, BETA2 ** t);
}

/** Whether all values of a step are numbers. */
export function allFinite(values: StepValues): boolean {
  return Object.values(values).every((value: number) => Number.isFinite(value));
}
