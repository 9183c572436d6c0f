import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { type Engine, openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const size = 600;

/** A run of some milliseconds: the sum of a power of a matrix of equal rows, which is 1 a row. */
function longStep(engine: Engine) {
  const step = engine.jit(
    (x) => [tf.sum([1, 2, 3, 4].reduce((product) => tf.matMul(product, x as tf.Tensor), x as tf.Tensor))],
    {
      shape: [size, size],
    },
  );
  return () => step(new Float32Array(size * size).fill(1 / size));
}

/** What of tfjs a step could leave changed. */
function stateOfTfjs(): object {
  const { state, backendName } = tf.engine();
  const { gradientDepth, kernelDepth, scopeStack, activeScope } = state;
  const { numTensors, numDataBuffers } = tf.memory();
  const functions = [Math.random, tf.TensorBuffer.prototype.toTensor, Error.stackTraceLimit, Error.prepareStackTrace];
  const depths = { gradientDepth, kernelDepth, scopes: scopeStack.length, scope: activeScope?.id };
  return { backendName, functions, depths, numTensors, numDataBuffers };
}

const failing: Record<string, (x: tf.Tensor, w: tf.Variable) => tf.Tensor[]> = {
  "in its own code": (x) => {
    tf.square(x);
    throw new RangeError("the step's own");
  },
  "in a gradient": (x, w) => [tf.grad((value) => tf.mul(value, Math.random()))(tf.mul(x, w))],
  "in a scope of its own, after an assignment": (x, w) =>
    tf.tidy(() => {
      w.assign(tf.mul(w, x));
      return [tf.scalar(w.dataSync()[0] as number)];
    }),
  "at an operation that is not there": (x) => [tf.engine().runKernel<tf.Tensor>("Nonesuch", { x })],
  "at shapes that tfjs refuses": (x) => [tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D)],
};

test.skipIf(!hasTensorFlow).each(Object.entries(failing))(
  "a step that fails %s leaves tfjs as it was (needs TensorFlow's library)",
  async (_where, step) => {
    const engine = await openEngine({ backend: "tensorflow" });
    const w = engine.variable(Float32Array.of(2, 3), [2]);
    const before = stateOfTfjs();
    expect(() => engine.jit((x) => step(x as tf.Tensor, w), { shape: [2] })).toThrow();
    expect(stateOfTfjs()).toEqual(before);
    expect(await engine.read([w])).toEqual([Float32Array.of(2, 3)]);
    expect(await engine.jit(() => [tf.mul(w, 2)])()).toEqual([Float32Array.of(4, 6)]);
    engine.dispose();
  },
);

test.skipIf(!hasTensorFlow)(
  "tfjs computes what it should while runs are under way (needs TensorFlow's library)",
  async () => {
    const engine = await openEngine({ backend: "tensorflow" });
    const run = longStep(engine);
    const backend = tf.getBackend();
    const runs = [run(), run(), run()];
    const gradient = tf.grad((x) => tf.sum(tf.square(x)));
    for (let turn = 0; turn < 20; turn++) {
      const x = tf.tensor1d([turn, 2]);
      const y = tf.tensor1d([1, 1]);
      expect([...gradient(x).dataSync()]).toEqual([2 * turn, 4]);
      expect([...(await tf.add(x, y).data())]).toEqual([turn + 1, 3]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(tf.getBackend()).toBe(backend);
    for (const [sum] of await Promise.all(runs)) expect(sum?.[0]).toBeCloseTo(size, 1);
    engine.dispose();
  },
);

test.skipIf(!hasTensorFlow)(
  "engines compile and run in turns, each with its variables (needs TensorFlow's library)",
  async () => {
    const engines = await Promise.all([0, 1, 2].map(() => openEngine({ backend: "tensorflow" })));
    const variables = engines.map((engine, index) => engine.variable(Float32Array.of(index), [1], { name: "count" }));
    const runs: Promise<Float32Array[]>[] = [];
    for (const added of [1, 10, 100])
      engines.forEach((engine, index) => {
        const count = variables[index] as tf.Variable;
        const step = engine.jit(() => {
          count.assign(tf.add(count, added));
          return [];
        });
        runs.push(step(), step());
      });
    await Promise.all(runs);
    const counts = await Promise.all(engines.map((engine, index) => engine.read([variables[index] as tf.Variable])));
    expect(counts.flat().map(([count]) => count)).toEqual([222, 223, 224]);
    await expect(engines[0]?.read([variables[1] as tf.Variable])).rejects.toMatchObject({
      code: "ENGINE_FOREIGN_TENSOR",
    });
    for (const engine of engines) engine.dispose();
  },
);

test.skipIf(!hasTensorFlow)("a step may compile one of another engine (needs TensorFlow's library)", async () => {
  const outer = await openEngine({ backend: "tensorflow" });
  const inner = await openEngine({ backend: "tensorflow" });
  const w = outer.variable(Float32Array.of(3), [1]);
  let square: ReturnType<Engine["jit"]> | undefined;
  const step = outer.jit(
    (x) => {
      const product = tf.mul(x as tf.Tensor, w);
      square = inner.jit((y) => [tf.square(y as tf.Tensor)], { shape: [1] });
      return [tf.add(product, 1)];
    },
    { shape: [1] },
  );
  expect(await step(Float32Array.of(5))).toEqual([Float32Array.of(16)]);
  expect(await square?.(Float32Array.of(5))).toEqual([Float32Array.of(25)]);
  for (const engine of [outer, inner]) engine.dispose();
});
