import * as tf from "@tensorflow/tfjs";
import { recorder } from "./recorder";

/** Each of the greatest values passes its gradient back to where it came from. */
const topK: Parameters<typeof tf.registerGradient>[0] = {
  kernelName: tf.TopK,
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc: (dy, [x, indices]) => ({
    x: () => {
      const [greatest] = dy as tf.Tensor[];
      const places = tf.oneHot(indices as tf.Tensor, (x as tf.Tensor).shape.at(-1) as number, 1, 0, "float32");
      return tf.sum(tf.mul(tf.expandDims(greatest as tf.Tensor, -1), places), -2);
    },
  }),
};

/** Sums from the other end. tfjs 4.22 transposes the result if the axis is not the last one. */
const cumulatedSum: Parameters<typeof tf.registerGradient>[0] = {
  kernelName: tf.Cumsum,
  gradFunc: (dy, _, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as tf.CumsumAttrs;
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
};

/**
 * Registers the gradients that a recorded step uses; elsewhere tfjs's own apply. Activations: TensorFlow has one
 * operation where tfjs uses several. Products: see `inputFirst`. Call once.
 */
export function registerGradients(): void {
  shorten("Relu", "ReluGrad");
  shorten("Sigmoid", "SigmoidGrad");
  shorten("Tanh", "TanhGrad");
  inputFirst();
}

/**
 * Computes a product's gradient of the first factor before that of the second. In a layer the first is its input, which
 * the rest of the backward pass waits for, while only the norm waits for the weights' gradient. Otherwise TensorFlow
 * may compute the weights' first, and end with one thread on the last layer's while the others wait.
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

/** Registers a gradient kernel that takes dy and the output y. */
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

/** Registers gradients that tfjs lacks or computes wrongly, for every engine. */
export function registerMissingGradients(): void {
  tf.registerGradient(topK);
  tf.registerGradient(cumulatedSum);
}
