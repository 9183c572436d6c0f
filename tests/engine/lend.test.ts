import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { afterAll, describe, expect, test, vi } from "vitest";
import { applyAdamW, type Engine, fromFloat16, lendableArray, openEngine, toFloat16 } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const VALUES = [1, 2, 3, 4, 5, 6].map((value) => value / 3);
const lendable = () => {
  const values = lendableArray(Float32Array, VALUES.length);
  values.set(VALUES);
  return values;
};
const AS_GIVEN = [...Float32Array.from(VALUES)];

const program = join(__dirname, "programs", "lend.ts");
const run = async (order: string): Promise<{ lent: number; freed: number; seen: number[][] }> => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program, order]);
  return JSON.parse(stdout);
};

test("an array that another thread would go on using is not handed over", () => {
  const values = lendable();
  expect(() => structuredClone(values, { transfer: [values.buffer as ArrayBuffer] })).toThrow(
    /could not be cloned|transfer/i,
  );
});

describe.skipIf(!hasTensorFlow)("a lent array (needs TensorFlow's library)", async () => {
  const engines: Engine[] = [];
  const open = async () => {
    const engine = await openEngine({ backend: "tensorflow" });
    engines.push(engine);
    return engine;
  };
  const engine = hasTensorFlow ? await open() : (null as never);
  afterAll(() => {
    for (const each of engines) each.dispose();
  });
  const read = async (variable: tf.Variable, from = engine) => [...((await from.read([variable]))[0] as Float32Array)];

  test("is the variable's memory: what is written to it against the rules shows there", async () => {
    const values = lendable();
    const variable = engine.variable(values, [2, 3], { trainable: false, lend: true });
    expect(await read(variable)).toEqual(AS_GIVEN);
    values[4] = 99;
    expect((await read(variable))[4]).toBe(99);
  });

  test("is changed by no step: not by assign, write or AdamW in place", async () => {
    const values = lendable();
    const variable = engine.variable(values, [6], { lend: true });
    const slots = { m: engine.variable(new Float32Array(6), [6]), v: engine.variable(new Float32Array(6), [6]) };
    const step = engine.jit(
      (hyper) => {
        applyAdamW(variable, slots, tf.onesLike(variable), hyper as tf.Tensor1D);
        return [variable.sum()];
      },
      { shape: [4] },
    );
    await step(Float32Array.of(0.1, 0.01, 0.9, 0.999));
    expect((await read(variable))[0]).toBeLessThan((VALUES[0] as number) - 0.09);
    const add = engine.jit(() => {
      variable.assign(tf.add(variable, 1));
      return [];
    });
    await add();
    engine.write(variable, new Float32Array(6));
    expect(await read(variable)).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...values]).toEqual(AS_GIVEN);
  });

  test("serves two variables and two engines at once, in one shape without a copy, in another with one", async () => {
    const values = lendable();
    const other = await open();
    const variables = [engine, other].map((each) => each.variable(values, [2, 3], { lend: true }));
    const reshaped = engine.variable(values, [3, 2], { lend: true });
    values[0] = 7;
    const first = await read(variables[0] as tf.Variable);
    const second = await read(variables[1] as tf.Variable, other);
    expect([first[0], second[0], (await read(reshaped))[0]]).toEqual([7, 7, AS_GIVEN[0]]);
    other.dispose();
    expect((await read(variables[0] as tf.Variable))[0]).toBe(7);
    expect(values[5]).toBe(AS_GIVEN[5]);
  });

  test.each([
    ["an ordinary array", () => Float32Array.from(VALUES)],
    [
      "a part of a lendable one, whose first value is not aligned",
      () => {
        const whole = lendableArray(Float32Array, VALUES.length + 1);
        whole.set(VALUES, 1);
        return whole.subarray(1);
      },
    ],
  ])("is copied where it cannot be lent: %s", async (_, make) => {
    const values = make();
    const variable = engine.variable(values, [6], { lend: true });
    values.fill(0);
    expect(await read(variable)).toEqual(AS_GIVEN);
  });

  test("is known to a module that a notebook loads anew", async () => {
    vi.resetModules();
    const anew = await import("../../lib/engine/native/lendable");
    expect(anew.lendableArray).not.toBe(lendableArray);
    const values = anew.lendableArray(Float32Array, VALUES.length);
    values.set(VALUES);
    const variable = engine.variable(values, [6], { lend: true });
    expect(await read(variable)).toEqual(AS_GIVEN);
    values[1] = 8;
    expect((await read(variable))[1]).toBe(8);
  });

  test("without lend it is copied", async () => {
    const values = lendable();
    const variable = engine.variable(values, [6]);
    values.fill(0);
    expect(await read(variable)).toEqual(AS_GIVEN);
  });

  test.each(["array,variable", "array,engine", "engine,array", "variable,array,engine"])(
    "goes once nobody uses it, and not before: %s",
    async (order) => {
      const { lent, freed, seen } = await run(order);
      // In sizes of the table: a copy would be 1.
      expect(lent).toBeLessThan(0.2);
      expect(freed).toBeGreaterThan(0.8);
      expect(seen).toEqual([
        [0, 7, 65_535],
        [0, 7, 65_535],
      ]);
    },
    30_000,
  );
});

describe.each(hasTensorFlow ? (["tensorflow", "wasm", "cpu"] as const) : (["wasm", "cpu"] as const))(
  "float16 on %s",
  (backend) => {
    const halves = lendableArray(Uint16Array, VALUES.length);
    toFloat16(Float32Array.from(VALUES), halves);
    const rounded = new Float32Array(VALUES.length);
    fromFloat16(halves, rounded);

    test("a variable of halves is float32 to steps: gathered, computed with, assigned, written", async () => {
      const engine = await openEngine({ backend });
      const variable = engine.variable(halves, [3, 2], { trainable: false, lend: true });
      expect(variable.dtype).toBe("float32");
      expect([...rounded]).not.toEqual(AS_GIVEN);
      expect(await engine.read([variable])).toEqual([rounded]);
      const step = engine.jit(
        (rows) => [tf.gather(variable as tf.Tensor, rows as tf.Tensor1D), tf.mul(variable, 2), variable],
        { shape: [2], dtype: "int32" },
      );
      const [gathered, doubled, whole] = await step(Int32Array.of(2, 0));
      expect(gathered).toEqual(Float32Array.of(...rounded.subarray(4, 6), ...rounded.subarray(0, 2)));
      expect(doubled).toEqual(rounded.map((value) => 2 * value));
      expect(whole).toEqual(rounded);
      engine.write(variable, Float32Array.of(1, 2, 3, 4, 5, 6));
      expect([...((await engine.read([variable]))[0] as Float32Array)]).toEqual([1, 2, 3, 4, 5, 6]);
      engine.dispose();
    });
  },
);
