import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { type AdamSlots, applyAdamW, type Engine, openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";

const HYPER = Float32Array.of(0.1, 0.5, 0.9, 0.999);

/** What the code of a step may do with variables, in the order that it is written. */
const programs: Record<string, (x: tf.Tensor, w: tf.Variable, other: tf.Variable, adamW: () => void) => tf.Tensor[]> = {
  "a value read before an assignment is the old one": (x, w) => {
    const before = tf.add(w, 0);
    w.assign(tf.add(w, x));
    return [before, tf.add(w, 0)];
  },
  "assignments follow each other": (x, w, other) => {
    w.assign(tf.add(w, x));
    w.assign(tf.mul(w, 2));
    other.assign(w);
    return [tf.add(other, w)];
  },
  "a value read after AdamW is the new one": (_x, w, other, adamW) => {
    const before = tf.mul(w, 1);
    adamW();
    other.assign(tf.add(other, w));
    return [before, tf.mul(w, 1)];
  },
  "AdamW twice": (_x, w, _other, adamW) => {
    adamW();
    adamW();
    return [tf.mul(w, 1)];
  },
  "an assignment after AdamW wins": (x, w, _other, adamW) => {
    adamW();
    w.assign(tf.add(w, x));
    return [];
  },
  "AdamW after an assignment starts from it": (x, w, other, adamW) => {
    w.assign(tf.add(w, x));
    adamW();
    other.assign(tf.mul(w, 3));
    return [];
  },
  "a variable assigned to another leaves it the value of that moment": (x, w, other, adamW) => {
    other.assign(w);
    w.assign(tf.add(w, x));
    adamW();
    return [tf.mul(other, 1), tf.mul(w, 1)];
  },
  "two variables swap": (_x, w, other) => {
    const kept = tf.mul(w, 1);
    w.assign(tf.mul(other, 1));
    other.assign(kept);
    return [];
  },
  "an input comes back": (x, w) => [x, w, x],
};

async function run(engine: Engine, name: string): Promise<Float32Array[]> {
  const make = (...values: number[]) => engine.variable(Float32Array.from(values), [2]);
  const w = make(1, 2);
  const other = make(-3, 5);
  const slots: AdamSlots = { m: make(0, 0), v: make(0, 0) };
  const step = engine.jit(
    (x, hyper) =>
      programs[name]?.(x as tf.Tensor, w, other, () => applyAdamW(w, slots, x as tf.Tensor, hyper as tf.Tensor)) ?? [],
    { shape: [2] },
    { shape: [4] },
  );
  const results = await step(Float32Array.of(0.5, -0.25), HYPER);
  results.push(...(await step(Float32Array.of(0.1, 0.2), HYPER)));
  return [...results, ...(await engine.read([w, other, slots.m, slots.v]))];
}

describe.skipIf(!hasTensorFlow)("in a compiled step (needs TensorFlow's library)", () => {
  test.each(Object.keys(programs))("%s, as in uncompiled code", async (name) => {
    const engines = [await openEngine({ backend: "tensorflow" }), await openEngine({ backend: "cpu" })];
    const [given, expected] = await Promise.all(engines.map((engine) => run(engine, name)));
    expect(given?.length).toBe(expected?.length);
    given?.forEach((values, index) => {
      values.forEach((value, place) => {
        expect(value).toBeCloseTo(expected?.[index]?.[place] as number, 5);
      });
    });
    for (const engine of engines) engine.dispose();
  });
});
