import * as tf from "@tensorflow/tfjs";
import type { Resource } from "./native/resource";
import type { Output } from "./native/signatures";
import { recorder } from "./recorder";
import { resourceToUpdate } from "./variables";

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** 1 - beta as TensorFlow's kernel computes it, in float32. */
const [SHARE1, SHARE2] = [BETA1, BETA2].map((beta) => Math.fround(1 - Math.fround(beta))) as [number, number];

/** Moments of one variable, made by engine.variable(zeros, shape, { trainable: false }). */
export interface AdamSlots {
  m: tf.Variable;
  v: tf.Variable;
}

/** Scalars that all variables of a step share. */
interface Rates<Value> {
  learningRate: Value;
  /** 1 - learning rate * weight decay: the share of a weight that is kept. */
  kept: Value;
  power1: Value;
  power2: Value;
  /** sqrt(1 - 0.999^t) */
  correction: Value;
  /** torch adds its epsilon to a bias-corrected root, TensorFlow to an uncorrected one. */
  epsilon: Value;
}

/**
 * Applies one AdamW update within a step: torch.optim.AdamW (Loshchilov and Hutter, "Decoupled weight decay
 * regularization"), betas 0.9 and 0.999, epsilon 1e-8. Afterwards the variable and its slots have their new values.
 * @param variable any shape
 * @param slots the same shape
 * @param gradient the same shape
 * @param hyper float32 [4], fed: learning rate, weight decay, 0.9^t, 0.999^t, with t = 1 in the first step
 */
export function applyAdamW(variable: tf.Variable, slots: AdamSlots, gradient: tf.Tensor, hyper: tf.Tensor): void {
  tf.tidy(() => {
    if (recorder.isRecording) record(variable, slots, gradient, recordedRates(hyper));
    else compute(variable, slots, gradient, computeRates(hyper));
  });
}

function computeRates(hyper: tf.Tensor): Rates<tf.Tensor> {
  const [learningRate, weightDecay, power1, power2] = tf.unstack(hyper) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const kept = tf.sub(1, tf.mul(learningRate, weightDecay));
  const correction = tf.sqrt(tf.sub(1, power2));
  return { learningRate, kept, power1, power2, correction, epsilon: tf.mul(EPSILON, correction) };
}

const recorded = new WeakMap<object, Rates<Output>>();

/** Recorded once for all variables of a step. */
function recordedRates(hyper: tf.Tensor): Rates<Output> {
  const known = recorded.get(hyper.dataId);
  if (known) return known;
  const entries = Object.entries(computeRates(hyper)).map(([name, rate]) => [name, recorder.outputOf(rate)]);
  const rates = Object.fromEntries(entries) as Rates<Output>;
  recorded.set(hyper.dataId, rates);
  return rates;
}

function compute(variable: tf.Variable, slots: AdamSlots, gradient: tf.Tensor, rates: Rates<tf.Tensor>): void {
  const m = tf.add(slots.m, tf.mul(tf.sub(gradient, slots.m), SHARE1));
  const v = tf.add(slots.v, tf.mul(tf.sub(tf.square(gradient), slots.v), SHARE2));
  const rate = tf.div(tf.mul(rates.learningRate, rates.correction), tf.sub(1, rates.power1));
  const change = tf.div(tf.mul(rate, m), tf.add(tf.sqrt(v), rates.epsilon));
  slots.m.assign(m);
  slots.v.assign(v);
  variable.assign(tf.sub(tf.mul(variable, rates.kept), change));
}

/** Records the same update as one operation that changes weights and moments in place. */
function record(variable: tf.Variable, slots: AdamSlots, gradient: tf.Tensor, rates: Rates<Output>): void {
  const { trace } = recorder;
  const { graph } = trace;
  const resources = [variable, slots.m, slots.v].map((each) => resourceToUpdate(trace, each));
  const [weight, m, v] = resources as [Resource, Resource, Resource];
  const delta = recorder.outputOf(gradient);
  const decayed = graph.operation("Mul", [recorder.outputOf(variable), rates.kept]);
  const { power1, power2, learningRate, epsilon } = rates;
  const scalars = [power1, power2, learningRate, graph.float(BETA1), graph.float(BETA2), epsilon];
  trace.update({
    resources,
    inputs: [delta, decayed, ...scalars],
    record: (after) => {
      const decay = weight.assign(decayed, after);
      return graph.operation("ResourceApplyAdam", [weight.handle, m.handle, v.handle, ...scalars, delta], {}, [decay])
        .oper;
    },
  });
}
