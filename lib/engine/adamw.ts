import * as tf from "@tensorflow/tfjs";

export const BETA1 = 0.9;
export const BETA2 = 0.999;
export const EPSILON = 1e-8;

/** Moments of one variable, made by engine.variable(zeros, shape, { trainable: false }). */
export interface AdamSlots {
  m: tf.Variable;
  v: tf.Variable;
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
    const [learningRate, weightDecay, power1, power2] = tf.unstack(hyper) as [
      tf.Scalar,
      tf.Scalar,
      tf.Scalar,
      tf.Scalar,
    ];
    const m = tf.add(slots.m, tf.mul(tf.sub(gradient, slots.m), 1 - BETA1));
    const v = tf.add(slots.v, tf.mul(tf.sub(tf.square(gradient), slots.v), 1 - BETA2));
    const correction = tf.sqrt(tf.sub(1, power2));
    const rate = tf.div(tf.mul(learningRate, correction), tf.sub(1, power1));
    const change = tf.div(tf.mul(rate, m), tf.add(tf.sqrt(v), tf.mul(EPSILON, correction)));
    const decayed = tf.sub(variable, tf.mul(tf.mul(learningRate, weightDecay), variable));
    slots.m.assign(m);
    slots.v.assign(v);
    variable.assign(tf.sub(decayed, change));
  });
}
