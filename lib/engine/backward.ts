import * as tf from "@tensorflow/tfjs";
import type { Trace } from "./trace";

type Gradient = (dys: tf.Tensor[]) => Record<string, () => tf.Tensor>;

/** What tfjs keeps of an operation until its gradient is needed. */
interface TapeNode {
  kernelName: string;
  gradient?: Gradient;
}

interface Taping {
  state: { activeTape: TapeNode[] };
  addTapeNode(...facts: unknown[]): void;
}

/** Runs a step's code; gradients recorded during it know the operation they are the gradient of, and its line. */
export function notingGradients<Result>(trace: Trace, code: () => Result): Result {
  const engine = tf.engine() as unknown as Taping;
  const { addTapeNode } = engine;
  engine.addTapeNode = (...facts) => {
    addTapeNode.apply(engine, facts);
    const node = engine.state.activeTape.at(-1);
    if (node?.gradient) node.gradient = noted(trace, node.kernelName, node.gradient);
  };
  try {
    return code();
  } finally {
    engine.addTapeNode = addTapeNode;
  }
}

/** A tfjs gradient returns one function for each input; tfjs calls those that it needs. */
function noted(trace: Trace, kernel: string, gradient: Gradient): Gradient {
  const origin = { kernel, frame: trace.last?.frame };
  return (dys) => {
    const parts = trace.inGradientOf(origin, () => gradient(dys));
    for (const [input, part] of Object.entries(parts)) parts[input] = () => trace.inGradientOf(origin, part);
    return parts;
  };
}
