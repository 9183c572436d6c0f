import * as tf from "@tensorflow/tfjs";
import { recorder } from "./recorder";

/**
 * Activations whose gradient TensorFlow has as one operation, which tfjs writes as several. While a step is recorded that
 * operation is taken, else tfjs's own gradient. Call once.
 */
export function registerGradients(): void {
  shorten("Relu", "ReluGrad");
  shorten("Sigmoid", "SigmoidGrad");
  shorten("Tanh", "TanhGrad");
}

/** The gradient kernel takes dy and the output y. */
function shorten(kernelName: string, gradientKernel: string): void {
  const original = tf.getGradient(kernelName);
  tf.registerGradient({
    ...original,
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      if (!recorder.isRecording) return original.gradFunc(dy, saved, attrs);
      const y = saved[saved.length - 1] as tf.Tensor;
      return { x: () => tf.engine().runKernel<tf.Tensor>(gradientKernel, { dy: dy as tf.Tensor, y }) };
    },
  });
}
