import * as tf from "@tensorflow/tfjs";
import { describe, expect, test, vi } from "vitest";
import { openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const backends = (["wasm", "tensorflow"] as const).filter((name) => name !== "tensorflow" || hasTensorFlow);
const rows = { shape: [null, 3] };

/** Sums of the rows, counted in a variable. */
async function rowSums(backend: "wasm" | "tensorflow", onTrace?: (shapes: number[][], count: number) => void) {
  const engine = await openEngine({ backend, ...(onTrace && { onTrace }) });
  const seen = engine.variable(new Float32Array(1), [1]);
  const step = engine.jit(
    (x, scale) => {
      const sums = tf.mul(tf.sum(x as tf.Tensor2D, 1), scale as tf.Tensor);
      seen.assign(tf.add(seen, sums.shape[0] as number));
      return [sums];
    },
    rows,
    { shape: [] },
  );
  return { engine, seen, step };
}

describe.each(backends)("a step with an open dimension on %s", (backend) => {
  test("takes its length from what is fed, and keeps its variables", async () => {
    const { engine, seen, step } = await rowSums(backend, () => {});
    const fed = (count: number) => Float32Array.from({ length: 3 * count }, (_, index) => index);
    expect(await step(fed(2), Float32Array.of(1))).toEqual([Float32Array.of(3, 12)]);
    expect(await step(fed(1), Float32Array.of(2))).toEqual([Float32Array.of(6)]);
    expect(step.sync(fed(3), Float32Array.of(1))).toEqual([Float32Array.of(3, 12, 21)]);
    expect(await engine.read([seen])).toEqual([Float32Array.of(6)]);
    engine.dispose();
  });

  test("refuses a length that no shape has, and two open dimensions", async () => {
    const { engine, step } = await rowSums(backend);
    await expect(step(new Float32Array(4), new Float32Array(1))).rejects.toThrow("input 0 of the step takes");
    await expect(step(new Float32Array(4), new Float32Array(1))).rejects.toThrow("[null,3]");
    expect(() => engine.jit((x) => [x as tf.Tensor], { shape: [null, null] })).toThrow(
      expect.objectContaining({ code: "ENGINE_INPUT_MISMATCH" }),
    );
    engine.dispose();
  });

  test("is refused after its dispose(), whatever its shape", async () => {
    const { engine, step } = await rowSums(backend);
    step.dispose();
    const call = () => step(new Float32Array(3), new Float32Array(1));
    await expect(call()).rejects.toMatchObject({ code: "ENGINE_DISPOSED" });
    engine.dispose();
  });
});

describe.skipIf(!hasTensorFlow)("each new shape (needs TensorFlow's library)", () => {
  test("is compiled once and told", async () => {
    const told: unknown[] = [];
    const { engine, step } = await rowSums("tensorflow", (...facts) => told.push(facts));
    for (const count of [2, 5, 2, 5, 1]) await step(new Float32Array(3 * count), new Float32Array(1));
    expect(told).toEqual([
      [[[2, 3], []], 1],
      [[[5, 3], []], 2],
      [[[1, 3], []], 3],
    ]);
    engine.dispose();
  });

  test("is told by a warning of the process from the second on, where nobody asked", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue();
    const { engine, step } = await rowSums("tensorflow");
    await step(new Float32Array(6), new Float32Array(1));
    expect(warn).not.toHaveBeenCalled();
    await step(new Float32Array(9), new Float32Array(1));
    expect(warn.mock.calls).toEqual([["compiled a step again, for inputs [3,3], []", "EngineRetrace"]]);
    warn.mockRestore();
    engine.dispose();
  });
});

describe.each(backends)("a step that is called with sync on %s", (backend) => {
  test("gives at once what the promise gives, in the order of the calls", async () => {
    const engine = await openEngine({ backend });
    const w = engine.variable(Float32Array.of(1, 2), [2]);
    const double = engine.jit(() => {
      w.assign(tf.mul(w, 2));
      return [tf.sum(w)];
    });
    expect(double.sync()).toEqual([Float32Array.of(6)]);
    expect(await double()).toEqual([Float32Array.of(12)]);
    engine.write(w, Float32Array.of(10, 20));
    expect(double.sync()).toEqual([Float32Array.of(60)]);
    expect(await engine.read([w])).toEqual([Float32Array.of(20, 40)]);
    engine.dispose();
    expect(() => double.sync()).toThrow(expect.objectContaining({ code: "ENGINE_DISPOSED" }));
  });
});

test.skipIf(!hasTensorFlow)("sync is refused while runs are under way (needs TensorFlow's library)", async () => {
  const engine = await openEngine({ backend: "tensorflow" });
  const step = engine.jit((x) => [tf.square(x as tf.Tensor)], { shape: [] });
  const first = step(Float32Array.of(3));
  const second = step(Float32Array.of(4));
  expect(() => step.sync(Float32Array.of(5))).toThrow(
    expect.objectContaining({ code: "ENGINE_RUNS_UNDER_WAY", count: 2 }),
  );
  expect(await Promise.all([first, second])).toEqual([[Float32Array.of(9)], [Float32Array.of(16)]]);
  expect(step.sync(Float32Array.of(5))).toEqual([Float32Array.of(25)]);
  engine.dispose();
});
