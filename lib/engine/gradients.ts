import * as tf from "@tensorflow/tfjs";
import { recorder } from "./recorder";

/** Each of the greatest values takes its part back to where it came from. */
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

/** Sums from the other end. tfjs 4.22 transposes the result where the axis is not the last one. */
const cumulatedSum: Parameters<typeof tf.registerGradient>[0] = {
  kernelName: tf.Cumsum,
  gradFunc: (dy, _, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as tf.CumsumAttrs;
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
};

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

/** Gradients that tfjs lacks or has wrong, for every engine. */
export function registerMissingGradients(): void {
  tf.registerGradient(topK);
  tf.registerGradient(cumulatedSum);
}
