import * as tf from "@tensorflow/tfjs";
import { type Engine, openEngine } from "../../../lib/engine";

const TIMES = 20;
const WARM = 3;
const ROWS = 50_000;

/** Uses an engine with 200 MB of variables, some of them written anew, and disposes of it, also in mid-run. */
async function use(engine: Engine, values: Float32Array, early: boolean): Promise<void> {
  const [table, copy] = [1, 2].map(() => engine.variable(values, [ROWS, 500])) as [tf.Variable, tf.Variable];
  const step = engine.jit(
    (rows) => {
      copy.assign(tf.add(copy, 1));
      return [tf.sum(tf.gather(table as tf.Tensor2D, rows as tf.Tensor1D))];
    },
    { shape: [null], dtype: "int32" },
  );
  await step(Int32Array.of(1, 2, 3));
  engine.write(table, values);
  const last = step(Int32Array.of(7));
  if (!early) await last;
  if (!early) engine.write(copy, values);
  engine.dispose();
  await last;
}

/** Opens and disposes of engines one after the other; prints by how much memory and tfjs's tensors grew meanwhile. */
async function main(): Promise<void> {
  const values = new Float32Array(ROWS * 500).fill(1);
  (await openEngine({ backend: "tensorflow" })).dispose();
  const tensors = tf.memory().numTensors;
  let warm = 0;
  for (let time = 0; time < TIMES; time++) {
    await use(await openEngine({ backend: "tensorflow" }), values, time % 2 === 0);
    if (time === WARM) warm = process.memoryUsage.rss();
  }
  const grownBytes = process.memoryUsage.rss() - warm;
  console.log(JSON.stringify({ grownBytes, tensors: tf.memory().numTensors - tensors }));
}

void main();
