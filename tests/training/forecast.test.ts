import { expect, test } from "vitest";
import { forecaster } from "../../lib/training/forecast";

const step = (globalStep: number) =>
  ({ globalStep, stepsPerEpoch: 100 }) as Parameters<ReturnType<typeof forecaster>>[0];

/** What is told after each of some steps, the first of which takes 60 s and each other one 780 ms. */
function toldAfter(engine: Parameters<typeof forecaster>[0], steps: number[], numEpochs = 100): (string | null)[] {
  let clock = 60_000;
  const forecast = forecaster(engine, numEpochs, () => clock);
  return steps.map((each) => {
    const told = forecast(step(each));
    clock += 780;
    return told;
  });
}

test("without TensorFlow's library the time of the whole run is told once, from this run's own steps", () => {
  const told = toldAfter({ name: "wasm", fallbackReason: "no library" }, [1, 2, 3, 4, 5, 6, 7, 8]);
  // 9,994 steps of 0.78 s are 7,795.32 s.
  expect(told).toEqual([...Array(5).fill(null), expect.stringContaining("2 h 9 min"), null, null]);
  expect(told[5]).toContain("9994 steps");
  expect(told[5]).toContain("npm run setup");
});

test("a resumed run counts the steps that are left", () => {
  const told = toldAfter({ name: "wasm" }, [9980, 9981, 9982, 9983, 9984, 9985]);
  expect(told[5]).toContain("15 steps");
  expect(told[5]).toContain("about 12 s");
});

test("nothing is told with TensorFlow's library, or when all is done", () => {
  expect(toldAfter({ name: "tensorflow" }, [1, 2, 3, 4, 5, 6, 7])).toEqual(Array(7).fill(null));
  expect(toldAfter({ name: "wasm" }, [1, 2, 3, 4, 5, 100], 1)).toEqual(Array(6).fill(null));
});
