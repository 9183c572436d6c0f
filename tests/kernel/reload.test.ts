import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, projectCopy, resultOf, startKernel, type TestKernel } from "./kernel";

const ENGINE = `import { openEngine } from "./lib/engine";
import { openStore } from "./lib/store";
import * as tf from "@tensorflow/tfjs";`;
const OPEN = `const engine = await openEngine();
const weight = engine.variable(Float32Array.of(2), [1], { name: "weight" });
const timesWeight = engine.jit((x) => [tf.mul(x, weight)], { shape: [1], dtype: "float32" });
const store = await openStore({ paths: { store: process.env.TEST_STORE! } });`;
const USE_OLD = `const halved = engine.jit((x) => [tf.div(x, weight)], { shape: [1], dtype: "float32" });
[(await timesWeight(Float32Array.of(3)))[0]![0], (await halved(Float32Array.of(3)))[0]![0], (await store.count()) !== null]`;
const USE_NEW = `const second = await openEngine();
const added = second.jit((x) => [tf.add(x, 1)], { shape: [1], dtype: "float32" });
[second.name, (await added(Float32Array.of(3)))[0]![0], tf.getBackend()]`;

describe("after an edit of lib", () => {
  const root = projectCopy();
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(join(root, file), change(readFileSync(join(root, file), "utf8")));
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await startKernel(root, { TEST_STORE: join(root, "data", "store") });
  });
  afterAll(async () => {
    await kernel.close();
    rmSync(root, { recursive: true, force: true });
  });

  test("an interrupt while lib is still being checked ends the cell, not the check", async () => {
    edit("lib/base/random.ts", (text) => `${text}// edited\n`);
    await kernel.execute('import { random } from "./lib/base";', 300);
    expect(errorOf(await kernel.execute('import { random } from "./lib/base";'))).toBeUndefined();
  });

  test("re-running the import cell takes the new code and its new types", async () => {
    edit("lib/metrics/ranking.ts", (text) => `${text}\nexport const answer = () => 41;\n`);
    const cell = 'import { answer } from "./lib/metrics";\nanswer()';
    expect(resultOf(await kernel.execute(cell))).toBe("41");
    edit("lib/metrics/ranking.ts", (text) => text.replace("() => 41", '() => "forty-two"'));
    expect(resultOf(await kernel.execute("answer()"))).toBe("41");
    expect(resultOf(await kernel.execute(cell))).toBe("forty-two");
    expect(resultOf(await kernel.execute("answer().length"))).toBe("9");
  });

  test("a file that is new can be imported", async () => {
    expect(errorOf(await kernel.execute('import { fresh } from "./lib/fresh";'))?.evalue).toContain("./lib/fresh");
    writeFileSync(join(root, "lib", "fresh.ts"), "export const fresh = 7;\n");
    expect(resultOf(await kernel.execute('import { fresh } from "./lib/fresh";\nfresh'))).toBe("7");
  });

  test("a type error in lib stops the cell that imports it, with file and line", async () => {
    edit("lib/metrics/ranking.ts", (text) => `${text}export const wrong: number = "text";\n`);
    const error = errorOf(await kernel.execute('import { mean } from "./lib/metrics";'));
    expect(error?.ename).toBe("LIB_DOES_NOT_COMPILE");
    expect(error?.evalue).toMatch(/lib\/metrics\/ranking\.ts\(\d+,14\): error TS2322: Type 'string' is not assignable/);
    edit("lib/metrics/ranking.ts", (text) => text.replace(/.*wrong.*\n/, ""));
    expect(errorOf(await kernel.execute('import { mean } from "./lib/metrics";'))).toBeUndefined();
  });

  test("engines, variables and stores that are open go on, beside new ones", async () => {
    expect(errorOf(await kernel.execute(ENGINE))).toBeUndefined();
    expect(errorOf(await kernel.execute(OPEN))).toBeUndefined();
    const backend = resultOf(await kernel.execute("tf.getBackend()"));
    // Every room imports the errors, so all of lib is loaded again.
    edit("lib/base/errors.ts", (text) => `${text}\n// edited\n`);
    expect(errorOf(await kernel.execute(ENGINE))).toBeUndefined();
    expect(resultOf(await kernel.execute(USE_OLD))).toBe("[ 6, 1.5, true ]");
    expect(resultOf(await kernel.execute(USE_NEW))).toBe(`[ 'tensorflow', 4, '${backend}' ]`);
  });

  test("reload() loads all of lib again at the next import", async () => {
    const same = 'import { ThumbrankError } from "./lib/base";\nconst before = ThumbrankError;';
    await kernel.execute(same);
    await kernel.execute('(globalThis as any)[Symbol.for("thumbrank.kernel")].reload();');
    const now = await kernel.execute('import { ThumbrankError } from "./lib/base";\nbefore === ThumbrankError');
    expect(resultOf(now)).toBe("false");
    expect(resultOf(await kernel.execute("(await timesWeight(Float32Array.of(5)))[0]![0]"))).toBe("10");
    expect(errorOf(await kernel.execute("await store.close(); engine.dispose();"))).toBeUndefined();
  });
});
