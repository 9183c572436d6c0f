import * as tf from "@tensorflow/tfjs";
import { openEngine } from "../../../lib/engine";

/** One run, then the end that is asked for: falling off, process.exit, or process.exit while a run is under way. */
async function main(ending: string): Promise<void> {
  const engine = await openEngine({ backend: "tensorflow" });
  const step = engine.jit((x) => [tf.sum(tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D))], { shape: [200, 200] });
  await step(new Float32Array(40_000));
  if (ending === "dispose") engine.dispose();
  if (ending === "exit") process.exit(0);
  if (ending === "exit in a run") {
    void step(new Float32Array(40_000));
    setImmediate(() => process.exit(0));
  }
}

void main(process.argv[2] ?? "");
