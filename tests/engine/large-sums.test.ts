import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const ROWS = 1500;
const COLUMNS = 700;
const source = random("large sums");
const X = Float32Array.from({ length: ROWS * COLUMNS }, () => source.normal());

/** Added in float64. */
const TRUTH = Array.from({ length: COLUMNS }, (_, column) => {
  let sum = 0;
  for (let row = 0; row < ROWS; row++) sum += X[row * COLUMNS + column] as number;
  return sum;
});

test.skipIf(!hasTensorFlow)("a sum over many rows is the sum (needs TensorFlow's library)", async () => {
  for (const precision of ["float32", "bfloat16"] as const) {
    const engine = await openEngine({ backend: "tensorflow", precision }).catch(() => null);
    if (engine === null) continue; // this processor has no bfloat16
    const step = engine.jit(
      (x) => {
        const kept = tf.sum(x as tf.Tensor, 0, true);
        expect(kept.shape).toEqual([1, COLUMNS]);
        return [tf.sum(x as tf.Tensor, 0), kept];
      },
      { shape: [ROWS, COLUMNS] },
    );
    for (const sums of await step(X)) {
      expect(sums).toHaveLength(COLUMNS);
      for (const [column, sum] of sums.entries()) expect(sum).toBeCloseTo(TRUTH[column] as number, 3);
    }
    engine.dispose();
  }
});
