import * as tf from "@tensorflow/tfjs";
import { recorder } from "./recorder";

/**
 * Gradients as a recorded step has them; elsewhere they are tfjs's own. Activations: TensorFlow has one operation for what
 * tfjs writes as several. Products: see `inputFirst`. Call once.
 */
export function registerGradients(): void {
  shorten("Relu", "ReluGrad");
  shorten("Sigmoid", "SigmoidGrad");
  shorten("Tanh", "TanhGrad");
  inputFirst();
}

/**
 * Of a product's two gradients that of the first factor comes first. In a layer that is its input, which the rest of the
 * backward pass waits for, while nothing but the norm waits for that of the weights: left to itself, TensorFlow may compute
 * the weights' first, and ends with one thread at the last layer's while the others wait.
 */
function inputFirst(): void {
  const original = tf.getGradient("BatchMatMul");
  tf.registerGradient({
    ...original,
    gradFunc: (dy, saved, attrs) => {
      const { a, b } = original.gradFunc(dy, saved, attrs) as Record<"a" | "b", () => tf.Tensor>;
      if (!recorder.isRecording) return { a, b };
      const before: number[] = [];
      const first = () => {
        const gradient = a();
        before.push(recorder.outputOf(gradient).oper);
        return gradient;
      };
      return { a: first, b: () => recorder.trace.graph.following(before, b) };
    },
  });
}

/** The gradient kernel takes dy and the output y. */
function shorten(kernelName: string, gradientKernel: string): void {
  const original = tf.getGradient(kernelName);
  tf.registerGradient({
    ...original,
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      if (!recorder.isRecording) return original.gradFunc(dy, saved, attrs);
      const y = saved[saved.length - 1]!;
      return { x: () => tf.engine().runKernel<tf.Tensor>(gradientKernel, { dy: dy as tf.Tensor, y }) };
    },
  });
}
