import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { recorder } from "../../lib/engine/recorder";
import { hasTensorFlow } from "./available";

type Block = (x: tf.Tensor, w: tf.Tensor) => tf.Tensor;
type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

/** x, once `other` is computed: an operation with a control input, recorded beside tfjs's kernels. */
function after(x: tf.Tensor, other: tf.Tensor): tf.Tensor {
  const { graph } = recorder.trace;
  const output = graph.operation("Identity", [recorder.outputOf(x)], {}, [recorder.outputOf(other).oper]);
  return tf.engine().makeTensorFromTensorInfo(recorder.infoOf(output), recorder);
}

/** A block whose activations are computed again in the backward pass, as torch.utils.checkpoint. */
function recomputed(block: Block): Block {
  const gradient = (dy: tf.Tensor, [x, w]: tf.Tensor[]) => {
    const { state } = tf.engine();
    const tape = state.activeTape;
    const [dx, dw] = tf.grads(block as Operation)([after(x as tf.Tensor, dy), w as tf.Tensor], dy);
    state.activeTape = tape;
    return [after(dx as tf.Tensor, dw as tf.Tensor), dw as tf.Tensor];
  };
  const operation = tf.customGrad((...values) => {
    const [x, w, save] = values as unknown as [tf.Tensor, tf.Tensor, (tensors: tf.Tensor[]) => void];
    save([x, w]);
    return { value: block(x, w), gradFunc: gradient };
  });
  return (x, w) => operation(x, w);
}

const block: Block = (x, w) => tf.relu(tf.matMul(tf.tanh(x), w));

test.skipIf(!hasTensorFlow)(
  "a recording takes recomputation: control inputs beside kernels, gradients within gradients (needs TensorFlow's library)",
  async () => {
    const engine = await openEngine({ backend: "tensorflow" });
    const values = (size: number, scale: number) =>
      Float32Array.from({ length: size }, (_, at) => Math.sin(at * scale));
    const gradients = (layer: Block) =>
      engine.jit(
        (x, first, second) => {
          const loss = (...[x, v, w]: tf.Tensor[]) =>
            tf.sum(tf.square(layer(layer(x as tf.Tensor, v as tf.Tensor), w as tf.Tensor)));
          return tf.grads(loss)([x as tf.Tensor, first as tf.Tensor, second as tf.Tensor]);
        },
        ...[
          [8, 6],
          [6, 6],
          [6, 6],
        ].map((shape) => ({ shape })),
      );
    const fed = [values(48, 0.7), values(36, 1.3), values(36, 2.9)];
    const plain = await gradients(block)(...fed);
    expect(await gradients(recomputed(block))(...fed)).toEqual(plain);
    expect(plain.every((gradient) => gradient.some((value) => value !== 0))).toBe(true);
    engine.dispose();
  },
);
