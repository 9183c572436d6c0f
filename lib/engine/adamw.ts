import * as tf from "@tensorflow/tfjs";
import { FLOAT32 } from "./native/data-type";
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
interface Rates {
  learningRate: tf.Tensor;
  /** Learning rate times weight decay. */
  decay: tf.Tensor;
  power1: tf.Tensor;
  power2: tf.Tensor;
  /** sqrt(1 - 0.999^t): torch's epsilon is added to a bias-corrected root, TensorFlow's to an uncorrected one. */
  correction: tf.Tensor;
}

/**
 * One step of AdamW inside a step: torch.optim.AdamW (Loshchilov and Hutter, "Decoupled weight decay regularization"),
 * betas 0.9 and 0.999, epsilon 1e-8. Afterwards the variable and its slots have their new values.
 * @param variable any shape
 * @param slots of that shape
 * @param gradient of that shape
 * @param hyper float32 [4], fed: learning rate, weight decay, 0.9^t, 0.999^t, with t = 1 in the first step
 */
export function applyAdamW(variable: tf.Variable, slots: AdamSlots, gradient: tf.Tensor, hyper: tf.Tensor): void {
  tf.tidy(() => {
    const rates = ratesOf(hyper);
    if (recorder.isRecording) record(variable, slots, gradient, rates);
    else compute(variable, slots, gradient, rates);
  });
}

function ratesOf(hyper: tf.Tensor): Rates {
  const [learningRate, weightDecay, power1, power2] = tf.unstack(hyper) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const correction = tf.sqrt(tf.sub(1, power2));
  return { learningRate, decay: tf.mul(learningRate, weightDecay), power1, power2, correction };
}

function compute(variable: tf.Variable, slots: AdamSlots, gradient: tf.Tensor, rates: Rates): void {
  const m = tf.add(slots.m, tf.mul(tf.sub(gradient, slots.m), SHARE1));
  const v = tf.add(slots.v, tf.mul(tf.sub(tf.square(gradient), slots.v), SHARE2));
  const rate = tf.div(tf.mul(rates.learningRate, rates.correction), tf.sub(1, rates.power1));
  const change = tf.div(tf.mul(rate, m), tf.add(tf.sqrt(v), tf.mul(EPSILON, rates.correction)));
  const decayed = tf.sub(variable, tf.mul(rates.decay, variable));
  slots.m.assign(m);
  slots.v.assign(v);
  variable.assign(tf.sub(decayed, change));
}

/** The same in two operations that change the variables in place. */
function record(variable: tf.Variable, slots: AdamSlots, gradient: tf.Tensor, rates: Rates): void {
  const { trace } = recorder;
  const { graph } = trace;
  const resources = [variable, slots.m, slots.v].map((each) => resourceToUpdate(trace, each));
  const [power1, power2, learningRate, epsilon, delta, decay] = [
    rates.power1,
    rates.power2,
    rates.learningRate,
    tf.mul(EPSILON, rates.correction),
    gradient,
    tf.mul(rates.decay, variable),
  ].map((tensor) => recorder.outputOf(tensor)) as [Output, Output, Output, Output, Output, Output];
  const handles = resources.map(({ handle }) => handle) as [Output, Output, Output];
  const betas = [graph.float(BETA1), graph.float(BETA2)];
  const apply = [...handles, power1, power2, learningRate, ...betas, epsilon, delta];
  trace.update({
    resources,
    inputs: [power1, power2, learningRate, epsilon, delta, decay],
    record: (after) => {
      const decayed = graph.operation("AssignSubVariableOp", [handles[0], decay], { dtype: { type: FLOAT32 } }, after);
      return graph.operation("ResourceApplyAdam", apply, {}, [decayed.oper]).oper;
    },
  });
}
