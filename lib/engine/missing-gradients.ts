import * as tf from "@tensorflow/tfjs";

/** Gradients that tfjs lacks or has wrong, for every engine. */
export function registerMissingGradients(): void {
  tf.registerGradient(topK);
  tf.registerGradient(cumulatedSum);
}

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
