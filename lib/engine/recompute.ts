import * as tf from "@tensorflow/tfjs";
import { recorder } from "./recorder";

/** A part of a network: takes and returns tensors, and reads the variables it is said to read. */
export type Part = (x: tf.Tensor2D) => tf.Tensor2D;

/** Takes the gradients of a part's variables, in their order, as soon as they are computed; may update the variables. */
export type OnGradients = (gradients: tf.Tensor[]) => void;

/** tfjs keeps the operations of the running gradient here, and drops them when an inner gradient ends. */
interface Taping {
  state: { activeTape: unknown };
}

/**
 * Computes part(x) without keeping its intermediate values for the backward pass, which computes them again: less
 * memory for one more forward pass (Chen et al., "Training deep nets with sublinear memory cost", arXiv 1604.06174;
 * torch.utils.checkpoint). Values and gradients are those of part(x).
 * @param x [rows, width]
 * @param variables the trainable variables that the part reads; the gradients of any others are lost
 * @param onGradients called in the backward pass, which continues only after the updates that it makes, so that the
 *   gradients of one part are freed before those of the next exist. The variables must not be used outside this part.
 *   What needs all gradients, such as their global norm, is not known yet: clip by the norm of a part
 */
export function recompute(
  part: Part,
  x: tf.Tensor2D,
  variables: tf.Variable[],
  onGradients?: OnGradients,
): tf.Tensor2D {
  return recomputed(x, variables, part, (again, dy) => gradients(part, again, dy, variables, onGradients));
}

/**
 * Computes part(x) a few rows at a time, each piece recomputed in the backward pass, one after another: memory is that
 * of one piece, and values and gradients are those of part(x), whatever follows it (GradCache: Gao et al.,
 * arXiv 2101.06983; `--accum-freq` in open_clip). The part must not mix rows of different pieces. Each piece has operations
 * of its own in a compiled step, about 2 MB for a transformer's block: take the largest pieces that fit.
 * @param x [rows, width]
 * @param rows of a piece; the last one may have fewer
 * @param variables the trainable variables that the part reads
 */
export function inMicroBatches(part: Part, x: tf.Tensor2D, rows: number, variables: tf.Variable[]): tf.Tensor2D {
  const [total] = x.shape;
  if (rows >= total) return recompute(part, x, variables);
  const sizes = Array.from({ length: Math.ceil(total / rows) }, (_, i) => Math.min(rows, total - i * rows));
  const forward = (input: tf.Tensor2D) => {
    const results: tf.Tensor2D[] = [];
    for (const piece of tf.split<tf.Tensor2D>(input, sizes)) results.push(part(after(piece, results.slice(-1))));
    return tf.concat(results);
  };
  const backward = (input: tf.Tensor2D, dy: tf.Tensor) => {
    const slopes = tf.split(dy, sizes);
    const ofX: tf.Tensor[] = [];
    let sums: tf.Tensor[] = [];
    for (const [i, piece] of tf.split<tf.Tensor2D>(input, sizes).entries()) {
      const [first, ...others] = gradients(part, after(piece, sums), slopes[i] as tf.Tensor, variables);
      sums = i === 0 ? others : others.map((other, index) => tf.add(sums[index] as tf.Tensor, other));
      ofX.push(first as tf.Tensor);
    }
    return [tf.concat(ofX), ...sums];
  };
  return recomputed(x, variables, forward, backward);
}

/**
 * Makes the updates of `code` as soon as what each needs exists, not after everything else in the step: gradients are
 * then not all in memory at once. Nothing may need all of them, such as their global norm; and a variable may be used
 * only before its update in the code, as everywhere.
 */
export function updateEarly(code: () => void): void {
  updating(code);
}

type Backward = (x: tf.Tensor2D, dy: tf.Tensor) => tf.Tensor[];

/** part(x), of which only x is kept for its gradient. */
function recomputed(x: tf.Tensor2D, variables: tf.Variable[], part: Part, backward: Backward): tf.Tensor2D {
  const run = tf.customGrad((...inputs) => {
    const [input] = inputs as [tf.Tensor2D];
    const save = inputs[inputs.length - 1] as unknown as tf.GradSaveFunc;
    save([input]);
    return {
      value: part(input),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => backward(saved as tf.Tensor2D, dy),
    };
  });
  return run(x, ...variables) as tf.Tensor2D;
}

/** The gradients of x and of the variables; that of x is computed only after the others and the updates. */
function gradients(
  part: Part,
  x: tf.Tensor2D,
  dy: tf.Tensor,
  variables: tf.Variable[],
  onGradients?: OnGradients,
): tf.Tensor[] {
  const { state } = tf.engine() as unknown as Taping;
  const { activeTape } = state;
  try {
    // Without waiting for dy, TensorFlow could recompute while the forward pass still runs.
    const again = after(x, [dy]);
    const [ofX, ...others] = tf.grads((...[input]: tf.Tensor[]) => part(input as tf.Tensor2D))(
      [again, ...variables],
      dy,
    ) as [tf.Tensor2D, ...tf.Tensor[]];
    const updates = onGradients ? updating(() => onGradients(others)) : [];
    // Without waiting, x's gradient runs ahead, and recomputed values of all parts wait for the variables' gradients.
    return [after(ofX, others, updates), ...others];
  } finally {
    state.activeTape = activeTape;
  }
}

/** The operations by which a compiled step updates variables in `code`. */
function updating(code: () => void): number[] {
  if (recorder.isRecording) return recorder.trace.updating(code);
  code();
  return [];
}

/** The same tensor, which a compiled step computes only after others and after some operations. */
function after(x: tf.Tensor2D, others: tf.Tensor[], operations: number[] = []): tf.Tensor2D {
  if (!recorder.isRecording) return x;
  const earlier = [...others.map((other) => recorder.outputOf(other).oper), ...operations];
  const output = recorder.trace.graph.operation("Identity", [recorder.outputOf(x)], {}, earlier);
  return tf.engine().makeTensorFromTensorInfo(recorder.infoOf(output), recorder) as tf.Tensor2D;
}
