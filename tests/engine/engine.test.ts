import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const backends = (["wasm", "cpu", "tensorflow"] as const).filter((name) => name !== "tensorflow" || hasTensorFlow);

describe.each(backends)("the %s engine", (backend) => {
  test("says what it is", async () => {
    const engine = await openEngine({ backend });
    expect(engine).toMatchObject({ name: backend, device: expect.stringMatching(/^(CPU|GPU:\d)$/) });
    expect(engine.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(engine.fallbackReason).toBeUndefined();
    engine.dispose();
  });

  test("leaves tfjs's own backend as it is, also after a step that fails", async () => {
    const engine = await openEngine({ backend });
    const before = tf.getBackend();
    const step = engine.jit((x) => [tf.square(x as tf.Tensor)], { shape: [2] });
    await step(Float32Array.of(1, 2));
    const failing = async () => engine.jit(() => [tf.randomUniform([2])])();
    await expect(failing()).rejects.toThrow();
    expect(tf.getBackend()).toBe(before);
    expect([...tf.add(tf.tensor1d([1, 2]), 1).dataSync()]).toEqual([2, 3]);
    engine.dispose();
  });

  test("keeps values that were written, in the order of the calls", async () => {
    const engine = await openEngine({ backend });
    const w = engine.variable(Float32Array.of(1, 2), [2], { name: "w" });
    const double = engine.jit(() => {
      w.assign(tf.mul(w, 2));
      return [tf.sum(w)];
    });
    const first = double();
    engine.write(w, Float32Array.of(10, 20));
    const second = double();
    const third = double();
    const read = engine.read([w]);
    engine.write(w, Float32Array.of(0, 0));
    expect((await Promise.all([first, second, third])).map(([sum]) => sum?.[0])).toEqual([6, 60, 120]);
    expect(await read).toEqual([Float32Array.of(40, 80)]);
    expect(await engine.read([w, w])).toEqual([new Float32Array(2), new Float32Array(2)]);
    engine.dispose();
  });

  test("takes what variable.assign gives it outside of a step", async () => {
    const engine = await openEngine({ backend });
    const w = engine.variable(Float32Array.of(1, 2), [2]);
    const step = engine.jit(() => [tf.mul(w, 1)]);
    w.assign(tf.tensor1d([7, 8]));
    expect(await step()).toEqual([Float32Array.of(7, 8)]);
    w.assign(tf.tensor1d([9, 9]));
    expect(await engine.read([w])).toEqual([Float32Array.of(9, 9)]);
    engine.dispose();
  });

  test("copies its inputs at the call", async () => {
    const engine = await openEngine({ backend });
    const step = engine.jit((x) => [tf.mul(x as tf.Tensor, 2)], { shape: [2] });
    const fed = new Float32Array(2);
    const runs = [1, 2, 3].map((value) => {
      fed.fill(value);
      return step(fed);
    });
    fed.fill(-1);
    expect((await Promise.all(runs)).map(([result]) => result?.[0])).toEqual([2, 4, 6]);
    engine.dispose();
  });

  test("gives results of every type as float32, empty and scalar ones too", async () => {
    const engine = await openEngine({ backend });
    const step = engine.jit(
      (x, i) => [tf.greater(x as tf.Tensor, 0), i as tf.Tensor, tf.slice(x as tf.Tensor, 0, 0), tf.sum(x as tf.Tensor)],
      { shape: [2] },
      { shape: [2], dtype: "int32" },
    );
    const results = await step(Float32Array.of(-1, 3), Int32Array.of(4, -5));
    expect(results).toEqual([Float32Array.of(0, 1), Float32Array.of(4, -5), new Float32Array(0), Float32Array.of(2)]);
    engine.dispose();
  });

  test("gives variables of one name two names, and the name back when one is freed", async () => {
    const engines = [await openEngine({ backend }), await openEngine({ backend })];
    const names = () => engines.map((engine) => engine.variable(new Float32Array(1), [1], { name: "twin" }).name);
    expect(names()).toEqual(["twin", "twin#2"]);
    for (const engine of engines) engine.dispose();
    const engine = await openEngine({ backend });
    expect(engine.variable(new Float32Array(1), [1], { name: "twin" }).name).toBe("twin");
    engine.dispose();
  });

  test("frees a variable that is disposed of, and goes on with the others", async () => {
    const engine = await openEngine({ backend });
    const [kept, freed] = [1, 2].map((value) => engine.variable(new Float32Array(3).fill(value), [3])) as [
      tf.Variable,
      tf.Variable,
    ];
    const step = engine.jit(() => [tf.mul(kept, 2)]);
    await step();
    freed.dispose();
    expect(await step()).toEqual([new Float32Array(3).fill(2)]);
    engine.dispose();
  });

  test("runs a step that does nothing and reads no variables", async () => {
    const engine = await openEngine({ backend });
    expect(await engine.jit(() => [])()).toEqual([]);
    expect(await engine.read([])).toEqual([]);
    engine.dispose();
  });

  test("leaves no tensors behind in tfjs", async () => {
    const engine = await openEngine({ backend });
    const w = engine.variable(new Float32Array(4).fill(1), [2, 2]);
    const before = tf.memory().numTensors;
    const step = engine.jit(
      (x) => {
        const loss = () => tf.sum(tf.square(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D))) as tf.Scalar;
        const { value, grads } = tf.variableGrads(loss, [w]);
        w.assign(tf.sub(w, tf.mul(0.01, grads[w.name] as tf.Tensor)));
        return [value];
      },
      { shape: [2, 2] },
    );
    for (let run = 0; run < 3; run++) await step(new Float32Array(4).fill(1));
    expect(tf.memory().numTensors).toBe(before);
    engine.dispose();
  });
});

test.skipIf(!hasTensorFlow)("several engines of one process keep apart (needs TensorFlow's library)", async () => {
  const engines = await Promise.all([1, 2].map(() => openEngine({ backend: "tensorflow" })));
  const steps = engines.map((engine, index) => {
    const w = engine.variable(Float32Array.of(index), [1]);
    return engine.jit(() => {
      w.assign(tf.add(w, 10));
      return [tf.mul(w, 1)];
    });
  });
  await Promise.all(steps.map((step) => step()));
  expect(await Promise.all(steps.map((step) => step()))).toEqual([[Float32Array.of(20)], [Float32Array.of(21)]]);
  engines[0]?.dispose();
  expect(await steps[1]?.()).toEqual([Float32Array.of(31)]);
  engines[1]?.dispose();
});

test.skipIf(!hasTensorFlow)("the event loop turns while a run computes (needs TensorFlow's library)", async () => {
  const engine = await openEngine({ backend: "tensorflow" });
  const size = 1024;
  const power = (x: tf.Tensor) => Array.from({ length: 8 }).reduce<tf.Tensor>((product) => tf.matMul(product, x), x);
  const step = engine.jit((x) => [tf.sum(power(x as tf.Tensor))], { shape: [size, size] });
  let turns = 0;
  let computing = true;
  const turn = () => {
    turns++;
    if (computing) setImmediate(turn);
  };
  setImmediate(turn);
  await step(new Float32Array(size * size).fill(1 / size));
  computing = false;
  expect(turns).toBeGreaterThan(10);
  engine.dispose();
});
