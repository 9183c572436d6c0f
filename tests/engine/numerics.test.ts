import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { type AdamSlots, applyAdamW, type Engine, openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const backends = (["wasm", "tensorflow"] as const).filter((name) => name !== "tensorflow" || hasTensorFlow);
const LINES = readFileSync(__filename, "utf8").split("\n");
const HYPER = Float32Array.of(0.1, 0, 0.9, 0.999);

/** This file's line with a mark, as errors tell it. */
function lineOf(mark: string): RegExp {
  const line = LINES.findIndex((text) => text.endsWith(`// ${mark}`)) + 1;
  return new RegExp(`tests/engine/numerics\\.test\\.ts:${line}:\\d+`);
}

/** One step of regression whose loss is the logarithm of an error, which is -Infinity where there is none. */
function logarithmOfError(engine: Engine) {
  const make = (...values: number[]) => engine.variable(Float32Array.from(values), [2], { name: "weights" });
  const weights = make(1, 2);
  const slots = { m: make(0, 0), v: make(0, 0) } satisfies AdamSlots;
  const step = engine.jit(
    (x, targets, hyper) => {
      const loss = () => {
        const error = tf.squaredDifference(tf.mul(x as tf.Tensor, weights), targets as tf.Tensor);
        const logarithms = tf.log(error); // logarithm
        return tf.sum(logarithms) as tf.Scalar;
      };
      const { value, grads } = tf.variableGrads(loss, [weights]);
      applyAdamW(weights, slots, grads[weights.name] as tf.Tensor, hyper as tf.Tensor);
      return [value];
    },
    { shape: [2] },
    { shape: [2] },
    { shape: [4] },
  );
  const variables = [weights, slots.m, slots.v];
  return { step, weights, variables };
}

describe.each(backends)("on %s", (backend) => {
  test("diagnose names the first operation whose result is not finite, and changes nothing", async () => {
    const engine = await openEngine({ backend });
    const { step, variables } = logarithmOfError(engine);
    const x = Float32Array.of(1, 1);
    const fine = Float32Array.of(0, 0);
    const wrong = Float32Array.of(0, 2);
    await step(x, fine, HYPER);
    const before = await engine.read(variables);
    expect(await step.diagnose(x, fine, HYPER)).toBeUndefined();
    engine.write(variables[0] as tf.Variable, Float32Array.of(1, 2));
    const found = await step.diagnose(x, wrong, HYPER);
    expect(found).toMatchObject({ code: "ENGINE_NOT_FINITE", value: Number.NEGATIVE_INFINITY, index: 1 });
    expect(found?.result).toMatch(new RegExp(`^the result of Log at ${lineOf("logarithm").source}$`));
    expect(await engine.read(variables)).toEqual([Float32Array.of(1, 2), ...before.slice(1)]);
    engine.dispose();
  });

  test("diagnose names an input or a variable that is not finite", async () => {
    const engine = await openEngine({ backend });
    const { step, weights } = logarithmOfError(engine);
    const x = Float32Array.of(1, 1);
    const broken = Float32Array.of(0, Number.NaN);
    const asked = step.diagnose(x, broken, HYPER);
    broken.fill(0);
    expect((await asked)?.message).toContain("input 1 of the step is NaN at index 1");
    engine.write(weights, Float32Array.of(Number.POSITIVE_INFINITY, 0));
    expect((await step.diagnose(x, x, HYPER))?.message).toContain(`variable ${weights.name} is Infinity at index 0`);
    engine.dispose();
  });

  test("an engine that checks numerics refuses such a step before its variables change", async () => {
    const engine = await openEngine({ backend, checkNumerics: true });
    const { step, variables } = logarithmOfError(engine);
    const before = await engine.read(variables);
    const x = Float32Array.of(1, 1);
    const wrong = Float32Array.of(0, 2);
    await expect(step(x, wrong, HYPER)).rejects.toThrow(lineOf("logarithm"));
    expect(() => step.sync(x, wrong, HYPER)).toThrow(lineOf("logarithm"));
    expect(await engine.read(variables)).toEqual(before);
    const [loss] = await step(x, Float32Array.of(0, 0), HYPER);
    expect(loss?.[0]).toBeCloseTo(Math.log(4), 5);
    expect(await engine.read(variables)).not.toEqual(before);
    engine.dispose();
  });

  test("diagnose names the operation whose gradient is not finite", async () => {
    const engine = await openEngine({ backend });
    const root = (x: tf.Tensor) => {
      const roots = tf.sqrt(x); // root
      return tf.sum(roots);
    };
    const step = engine.jit((x) => [tf.grad(root)(x as tf.Tensor)], { shape: [2] });
    const found = await step.diagnose(Float32Array.of(4, 0));
    expect(found?.value).toBe(Number.POSITIVE_INFINITY);
    if (backend === "tensorflow") expect(found?.result).toMatch(lineOf("root"));
    engine.dispose();
  });
});
