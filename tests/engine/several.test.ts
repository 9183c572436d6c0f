import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";
import { BATCH, fedAt, runStep, smallNet } from "./net";

const CALLS = 4;
const COUNT = 6;
const LEARNING_RATE = 0.01;

/** Steps t = 1 to 24 by single calls, and by calls of six steps: all results, and all variables at the end. */
async function trained(backend: "tensorflow" | "cpu", areSeveral: boolean): Promise<Float32Array[]> {
  const engine = await openEngine({ backend });
  const net = smallNet(engine);
  const results: number[] = [];
  const several = engine.jit(
    (...inputs) => {
      const rows = inputs.map((input) => tf.unstack(input));
      const steps = Array.from({ length: COUNT }, (_, at) => net.code(...rows.map((row) => row[at] as tf.Tensor)));
      return [tf.stack(steps.flat())];
    },
    { shape: [COUNT, BATCH], dtype: "int32" },
    { shape: [COUNT, BATCH] },
    { shape: [COUNT], dtype: "int32" },
    { shape: [COUNT, 4] },
  );
  for (let call = 0; call < CALLS; call++) {
    const times = Array.from({ length: COUNT }, (_, at) => call * COUNT + at + 1);
    const found = areSeveral ? await several(...together(times)) : await oneByOne(times);
    results.push(...found.flatMap((values) => [...values]));
  }
  const variables = await engine.read(net.variables);
  engine.dispose();
  return [Float32Array.from(results), ...variables];

  async function oneByOne(times: number[]): Promise<Float32Array[]> {
    const found: Float32Array[] = [];
    for (const t of times) found.push(...(await runStep(net, t, LEARNING_RATE)));
    return found;
  }
}

/** What these steps are fed, one after the other. */
function together(times: number[]): (Int32Array | Float32Array)[] {
  const fed = times.map((t) => fedAt(t, LEARNING_RATE));
  const all = (place: 0 | 1 | 2 | 3) => fed.flatMap((each) => [...each[place]]);
  return [Int32Array.from(all(0)), Float32Array.from(all(1)), Int32Array.from(all(2)), Float32Array.from(all(3))];
}

test.skipIf(!hasTensorFlow)(
  "several steps in a call end with the bytes of single calls (needs TensorFlow's library)",
  async () => {
    expect(await trained("tensorflow", true)).toEqual(await trained("tensorflow", false));
  },
);

test("the same without a compiler", async () => {
  expect(await trained("cpu", true)).toEqual(await trained("cpu", false));
});
