import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, findLibrary, openEngine, requireFinite, type Step } from "../../lib/engine";
import { libraryName } from "../../lib/engine/native/library";
import { hasTensorFlow } from "./available";

const randomSteps: Record<string, Step> = {
  "Math.random": (x) => [tf.mul(x as tf.Tensor, Math.random())],
  "tf.randomUniform with a seed": () => [tf.randomUniform([4], 0, 1, "float32", 7)],
  "tf.randomUniform without": () => [tf.randomUniform([4])],
  "tf.randomNormal with a seed": () => [tf.randomNormal([4], 0, 1, "float32", 7)],
  "tf.truncatedNormal": () => [tf.truncatedNormal([4])],
  "tf.dropout with a seed": (x) => [tf.dropout(x as tf.Tensor, 0.5, undefined, 3)],
  "tf.dropout without": (x) => [tf.dropout(x as tf.Tensor, 0.5)],
};

describe.each(["wasm", "tensorflow"] as const)("on %s", (backend) => {
  const here = backend === "wasm" || hasTensorFlow;
  let engine: Engine;
  beforeAll(async () => {
    if (here) engine = await openEngine({ backend });
  });
  afterAll(() => engine?.dispose());

  test.skipIf(!here).each(Object.entries(randomSteps))("%s in a step is refused", async (_name, step) => {
    const random = Math.random;
    const run = async () => engine.jit(step, { shape: [4] })(new Float32Array(4));
    await expect(run()).rejects.toMatchObject({ code: "ENGINE_RANDOM_IN_STEP" });
    expect(Math.random).toBe(random);
  });

  test.skipIf(!here)("an operation that the engine does not have is named", async () => {
    const run = async () => engine.jit(() => [tf.engine().runKernel<tf.Tensor>("Nonesuch", {})])();
    await expect(run()).rejects.toMatchObject({ code: "ENGINE_KERNEL_UNMAPPED", kernel: "Nonesuch" });
  });

  test.skipIf(!here)("wrong inputs are refused with what was expected", async () => {
    const step = engine.jit((x) => [x as tf.Tensor], { shape: [2, 3] });
    await expect(step()).rejects.toMatchObject({ code: "ENGINE_INPUT_MISMATCH" });
    await expect(step(new Float32Array(5))).rejects.toThrow("a Float32Array of 6, but was given a Float32Array of 5");
    await expect(step(new Int32Array(6))).rejects.toThrow("a Float32Array of 6, but was given a Int32Array of 6");
    expect(() => engine.variable(new Float32Array(3), [2])).toThrow("takes 2 values, but was given 3");
    const w = engine.variable(new Float32Array(2), [2], { name: "w" });
    expect(() => engine.write(w, new Float32Array(1))).toThrow("variable w [2] takes 2 values, but was given 1");
  });

  test.skipIf(!here)("an engine that was disposed of says so", async () => {
    const other = await openEngine({ backend });
    const w = other.variable(new Float32Array(1), [1]);
    const step = other.jit((x) => [tf.add(w, x as tf.Tensor)], { shape: [1] });
    const last = step(Float32Array.of(5));
    other.dispose();
    other.dispose();
    expect(await last).toEqual([Float32Array.of(5)]);
    await expect(step(Float32Array.of(5))).rejects.toMatchObject({ code: "ENGINE_DISPOSED" });
    await expect(other.read([w])).rejects.toMatchObject({ code: "ENGINE_DISPOSED" });
    expect(() => other.variable(new Float32Array(1), [1])).toThrow("dispose()");
  });
});

describe.skipIf(!hasTensorFlow)("while a step is compiled (needs TensorFlow's library)", () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ backend: "tensorflow" });
  });
  afterAll(() => engine.dispose());

  test("reading a value is refused", () => {
    const x = { shape: [4] };
    expect(() => engine.jit((fed) => [tf.scalar((fed as tf.Tensor).dataSync()[0] as number)], x)).toThrow(
      expect.objectContaining({ code: "ENGINE_VALUE_IN_STEP" }),
    );
  });

  test("variables and tensors from elsewhere are refused, constants are taken", async () => {
    const other = await openEngine({ backend: "tensorflow" });
    const foreign = [
      other.variable(new Float32Array(1), [1], { name: "theirs" }),
      tf.variable(tf.tensor1d([1]), true, "stray"),
    ];
    for (const variable of foreign)
      expect(() => engine.jit(() => [tf.mul(variable, 2)])).toThrow(
        expect.objectContaining({ code: "ENGINE_FOREIGN_TENSOR", tensor: `variable ${variable.name} [1]` }),
      );
    let leaked: tf.Tensor | undefined;
    engine.jit(
      (x) => {
        leaked = tf.keep(tf.mul(x as tf.Tensor, 2));
        return [];
      },
      { shape: [1] },
    );
    expect(() => engine.jit(() => [tf.mul(leaked as tf.Tensor, 2)])).toThrow("was made in another step");
    expect(() => (leaked as tf.Tensor).dataSync()).toThrow("is held by TensorFlow");
    const constant = tf.tensor1d([3]);
    expect(await engine.jit(() => [tf.mul(constant, 2)])()).toEqual([Float32Array.of(6)]);
    foreign[1]?.dispose();
    other.dispose();
  });

  test("a variable cannot be read directly", () => {
    const w = engine.variable(new Float32Array(1), [1]);
    expect(() => w.dataSync()).toThrow(expect.objectContaining({ code: "ENGINE_VALUE_IN_TENSORFLOW" }));
    expect(() => tf.add(w, 1)).toThrow(expect.objectContaining({ code: "ENGINE_VALUE_IN_TENSORFLOW" }));
  });

  test("a run that fails names its node, and variables keep their values", async () => {
    const table = engine.variable(Float32Array.of(1, 2, 3), [3]);
    const step = engine.jit(
      (rows) => {
        const picked = tf.gather(table as tf.Tensor1D, rows as tf.Tensor1D);
        table.assign(tf.add(table, tf.sum(picked)));
        return [picked];
      },
      { shape: [1], dtype: "int32" },
    );
    await expect(step(Int32Array.of(9))).rejects.toMatchObject({
      code: "ENGINE_RUN_FAILED",
      reason: expect.stringMatching(/\{\{node GatherV2_\d+\}\}/),
    });
    expect(await engine.read([table])).toEqual([Float32Array.of(1, 2, 3)]);
    expect(await step(Int32Array.of(1))).toEqual([Float32Array.of(2)]);
  });
});

test("a result that is not finite is refused by name and place", () => {
  expect(() => requireFinite(Float32Array.of(1, 2), "the loss")).not.toThrow();
  expect(() => requireFinite(Float32Array.of(1, Number.NaN), "the loss")).toThrow("the loss is NaN at index 1");
  expect(() => requireFinite(Float32Array.of(-1 / 0), "the loss")).toThrow("the loss is -Infinity at index 0");
});

describe("the library", () => {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const cache = join(folder, "thumbrank", "tensorflow");
  const environment = { XDG_CACHE_HOME: folder };
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is asked for with the set-up as next step", () => {
    const search = () => findLibrary(undefined, environment);
    expect(search).toThrow(
      expect.objectContaining({ code: "ENGINE_LIBRARY_MISSING", next: expect.stringContaining("npm run setup") }),
    );
    expect(search).toThrow("do not exist");
    expect(() => findLibrary("/nowhere", environment)).toThrow("/nowhere holds no libtensorflow");
    expect(() => findLibrary(undefined, { ...environment, THUMBRANK_TF: "off" })).toThrow("THUMBRANK_TF is off");
    expect(() => findLibrary(undefined, { ...environment, THUMBRANK_TF: "tpu" })).toThrow('THUMBRANK_TF is "tpu"');
  });

  test("counts only where the set-up came to its end, by the variant chosen", () => {
    for (const variant of ["cpu", "gpu"])
      mkdirSync(join(cache, `2.21.0-${variant}`, "tensorflow"), { recursive: true });
    const path = (variant: string) => join(cache, `2.21.0-${variant}`, "tensorflow", libraryName());
    expect(() => findLibrary(undefined, environment)).toThrow("is incomplete");
    writeFileSync(path("gpu"), "no library");
    writeFileSync(join(cache, "2.21.0-gpu", "complete.json"), "{}");
    expect(findLibrary(undefined, environment)).toEqual({ path: path("gpu"), variant: "gpu" });
    expect(() => findLibrary(undefined, { ...environment, THUMBRANK_TF: "cpu" })).toThrow("is incomplete");
    expect(findLibrary(join(cache, "2.21.0-gpu"), {})).toEqual({ path: path("gpu"), variant: "cpu" });
    expect(findLibrary(undefined, { THUMBRANK_TF_DIR: join(cache, "2.21.0-gpu", "tensorflow") }).path).toBe(
      path("gpu"),
    );
  });

  test("that cannot be loaded is an error, and auto falls back and says why", async () => {
    const libraryFolder = join(cache, "2.21.0-gpu");
    await expect(openEngine({ backend: "tensorflow", libraryFolder })).rejects.toMatchObject({
      code: "ENGINE_LIBRARY_UNLOADABLE",
      path: join(libraryFolder, "tensorflow", libraryName()),
    });
    const engine = await openEngine({ libraryFolder });
    expect(engine.name).toBe("wasm");
    expect(engine.fallbackReason).toContain("cannot be loaded");
    engine.dispose();
  });
});
