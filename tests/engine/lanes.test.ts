import { expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { divideIntoLanes } from "../../lib/engine/trace";
import { hasTensorFlow } from "./available";
import { smallNet } from "./net";

const dealt = (sizes: number[], count: number) => divideIntoLanes(sizes, (size) => size, count);

test("work is dealt to lanes of about equal size, the largest parts first", () => {
  expect(dealt([1, 59, 13, 26, 3, 79], 2)).toEqual([
    [79, 13],
    [59, 26, 3, 1],
  ]);
});

test("one lane takes all, and there are no empty ones", () => {
  expect(dealt([2, 3, 1], 1)).toEqual([[3, 2, 1]]);
  expect(dealt([2, 3], 8)).toEqual([[3], [2]]);
});

test.skipIf(!hasTensorFlow)("the same bytes with any number of lanes (needs TensorFlow's library)", async () => {
  const trained = await Promise.all(
    [1, 2, 5].map(async (interOpThreads) => {
      const engine = await openEngine({ backend: "tensorflow", intraOpThreads: 1, interOpThreads });
      const { step, variables } = smallNet(engine);
      const rows = Int32Array.from({ length: 8 }, (_, row) => 3 * row);
      const targets = Float32Array.from(rows, (row) => (row % 5) / 5);
      for (let t = 1; t <= 3; t++)
        await step(rows, targets, Int32Array.of(t), Float32Array.of(0.01, 0.1, 0.9 ** t, 0.999 ** t));
      const values = await engine.read(variables);
      engine.dispose();
      return values;
    }),
  );
  expect(trained[1]).toEqual(trained[0]);
  expect(trained[2]).toEqual(trained[0]);
});
