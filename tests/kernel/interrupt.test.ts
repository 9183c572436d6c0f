import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, projectCopy, resultOf, startKernel, type TestKernel } from "./kernel";

const PAUSE = "await new Promise((done) => setTimeout(done, 20));";
const SPIN = "for (let turns = 0; ; turns++);";

const busyCells: [string, string][] = [
  ["before any await", SPIN],
  ["after an await", `await 1;\n${SPIN}`],
  ["after a timer", `${PAUSE}\n${SPIN}`],
  [
    "in a callback of a timer, while the cell awaits",
    `setTimeout(() => { ${SPIN} }, 20);\nawait new Promise(() => {});`,
  ],
  ["in a callback of a timer, after the cell's last line", `setTimeout(() => { ${SPIN} }, 20);`],
  ["in a callback of an interval", `const ticking = setInterval(() => { ${SPIN} }, 20);\nawait new Promise(() => {});`],
  ["in setImmediate", `setImmediate(() => { ${SPIN} });\nawait new Promise(() => {});`],
  ["in process.nextTick", `process.nextTick(() => { ${SPIN} });\nawait new Promise(() => {});`],
  ["in a continuation of a promise", `await Promise.resolve().then(() => { ${SPIN} });`],
  [
    "in an async generator",
    `async function* endless() { for (;;) { yield 1; ${SPIN} } }\nfor await (const item of endless()) void item;`,
  ],
  [
    "in promises that make promises",
    "const again = (): Promise<void> => Promise.resolve().then(again);\nawait again();",
  ],
  [
    "in a promise that nobody awaits",
    `const later = (turns: number): Promise<void> => Promise.resolve().then(() => { if (turns > 0) later(turns - 1); else { ${SPIN} } });\nfor (let turns = 0; turns < 9; turns++) later(turns);`,
  ],
  [
    "in an event",
    `import { EventEmitter } from "node:events";\nconst e = new EventEmitter();\ne.on("x", () => { ${SPIN} });\n${PAUSE}\ne.emit("x");`,
  ],
  [
    "in a callback of a file",
    `import { readFile } from "node:fs";\nreadFile("package.json", () => { ${SPIN} });\nawait new Promise(() => {});`,
  ],
  ["in a try whose catch and finally go on", `${PAUSE}\nfor (;;) { try { ${SPIN} } catch {} finally { ${SPIN} } }`],
  ["in a comparison of a sort", "await 1;\n[3, 1, 2].sort(() => { for (;;); });"],
  ["in a loop that prints", `${PAUSE}\nfor (let line = 0; ; line++) console.log(line);`],
];

describe("an interrupt of a loop that never lets the event loop turn", () => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await startKernel();
    await kernel.execute("let kept = 41;\nlet ticks = 0;\nconst clock = setInterval(() => { ticks++; }, 20);");
  });
  afterAll(() => kernel.close());

  test.each(busyCells)("ends it %s; names, timers and later cells go on", async (_, code) => {
    const { outputs, reply } = await kernel.execute(code, 700);
    expect(reply.status).toBe("error");
    expect(errorOf({ outputs, reply })).toMatchObject({ ename: "CELL_INTERRUPTED" });
    expect(resultOf(await kernel.execute("await Promise.resolve();\n++kept"))).toMatch(/^4\d|5\d$/);
    await kernel.execute(
      "clearInterval((globalThis as any).ticking);\nconst before = ticks;\nawait new Promise((done) => setTimeout(done, 200));",
    );
    expect(resultOf(await kernel.execute("ticks > before"))).toBe("true");
  });
});

describe("an interrupt", () => {
  const root = projectCopy();
  let kernel: TestKernel;
  beforeAll(async () => {
    writeFileSync(join(root, "lib", "spin.ts"), `export function spin(): void { ${SPIN} }\n`);
    const stuck = `if (!("loaded" in globalThis)) {\n  Object.assign(globalThis, { loaded: true });\n  ${SPIN}\n}`;
    writeFileSync(join(root, "lib", "stuck.ts"), `${stuck}\nexport const after = 7;\n`);
    kernel = await startKernel(root);
  });
  afterAll(async () => {
    await kernel.close();
    rmSync(root, { recursive: true, force: true });
  });

  test("ends a loop in lib, again and again, while an engine goes on", async () => {
    const open = `import { openEngine } from "./lib/engine";
import { spin } from "./lib/spin";
import * as tf from "@tensorflow/tfjs";
const engine = await openEngine();
const twice = engine.jit((x) => [tf.mul(x, 2)], { shape: [1], dtype: "float32" });`;
    expect(errorOf(await kernel.execute(open))).toBeUndefined();
    for (const code of ["spin();", `${PAUSE}\nspin();`]) {
      expect(errorOf(await kernel.execute(code, 700))).toMatchObject({ ename: "CELL_INTERRUPTED" });
      expect(resultOf(await kernel.execute("(await twice(Float32Array.of(3)))[0]![0]"))).toBe("6");
    }
  });

  test("ends a module that never finishes loading; the next import loads it again", async () => {
    const code = 'import { after } from "./lib/stuck";\nafter';
    expect(errorOf(await kernel.execute(code, 4000))).toMatchObject({ ename: "CELL_INTERRUPTED" });
    expect(resultOf(await kernel.execute(code))).toBe("7");
  });

  test("ends what a value does to show itself", async () => {
    for (const show of [SPIN, `Promise.resolve().then(() => { ${SPIN} }); return {};`]) {
      const code = `({ [Symbol.for("Jupyter.display")]: () => { ${show} } })`;
      expect(errorOf(await kernel.execute(code, 700))).toMatchObject({ ename: "CELL_INTERRUPTED" });
      expect(resultOf(await kernel.execute("2 + 2"))).toBe("4");
    }
  });

  test("ends what a thrown value does to say what it is", async () => {
    const thrown = `Object.defineProperty(new Error(), "message", { get: () => { ${SPIN} } })`;
    for (const code of [`throw ${thrown};`, `${PAUSE}\nthrow ${thrown};`]) {
      expect(errorOf(await kernel.execute(code, 700))).toMatchObject({ ename: "CELL_INTERRUPTED" });
      expect(resultOf(await kernel.execute("2 + 2"))).toBe("4");
    }
    const later = `setTimeout(() => { throw ${thrown}; }, 600);`;
    expect(errorOf(await kernel.execute(later))).toBeUndefined();
    await new Promise((done) => setTimeout(done, 600));
    expect(errorOf(await kernel.execute("2 + 2", 700))).toMatchObject({ ename: "CELL_INTERRUPTED" });
    expect(resultOf(await kernel.execute("2 + 2"))).toBe("4");
  });

  test("lets code tidy up that awaits", async () => {
    await kernel.execute("let tidied = false;");
    const code = `try { for (;;) { ${PAUSE} } } finally { tidied = true; }`;
    expect(errorOf(await kernel.execute(code, 700))).toMatchObject({ ename: "CELL_INTERRUPTED" });
    expect(resultOf(await kernel.execute("tidied"))).toBe("true");
  });

  test.each([20, 50, 100, 200, 400])(
    "ends a loop %s ms after its cell was sent, be it compiled or already running",
    async (afterMs) => {
      expect(errorOf(await kernel.execute(`await 1;\n${SPIN}`, afterMs))).toMatchObject({
        ename: "CELL_INTERRUPTED",
      });
      expect(resultOf(await kernel.execute("2 + 2"))).toBe("4");
    },
  );

  test("does nothing where no cell runs", async () => {
    await kernel.interrupt();
    expect(resultOf(await kernel.execute("await new Promise((done) => setTimeout(done, 1500));\n3"))).toBe("3");
  });
});
