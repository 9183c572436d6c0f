import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorOf, resultOf, startKernel, type TestKernel } from "./kernel";

describe("a kernel", () => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await startKernel();
  });
  afterAll(() => kernel.close());

  test("says that it speaks TypeScript", () => {
    expect(kernel.info).toMatchObject({
      status: "ok",
      implementation: "thumbrank",
      language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/typescript" },
    });
  });

  test("keeps names between cells, counts them and shows the last expression", async () => {
    await kernel.execute("const three = await Promise.resolve(3);");
    const second = await kernel.execute("three * 2");
    expect(resultOf(second)).toBe("6");
    const counts = second.outputs.flatMap(({ kind, execution_count }) =>
      kind === "execute_input" ? execution_count : [],
    );
    expect(counts).toEqual([second.reply.execution_count]);
  });

  test("shows what an expression gives, not what is assigned", async () => {
    await kernel.execute("let shown = 1;");
    expect(resultOf(await kernel.execute("shown = 2;"))).toBeUndefined();
    expect(resultOf(await kernel.execute("shown += 2;\nshown"))).toBe("4");
  });

  test("names of earlier cells work in shorthand, as properties and when taken apart", async () => {
    await kernel.execute('const home = "here";\ninterface Place { home: string; seed: number }\nconst seed = 7;');
    expect(resultOf(await kernel.execute("({ home, seed })"))).toBe("{ home: 'here', seed: 7 }");
    await kernel.execute("const { home: place, ...rest }: Place = { home, seed };");
    expect(resultOf(await kernel.execute("[place, rest]"))).toBe("[ 'here', { seed: 7 } ]");
  });

  test("a name can be declared anew with another type", async () => {
    await kernel.execute('let again = "text";');
    await kernel.execute("let again = 4;");
    expect(resultOf(await kernel.execute("again + 1"))).toBe("5");
  });

  test("shows a value's own MIME bundle in place of its text", async () => {
    const { outputs } = await kernel.execute(
      '({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>x</b>", "text/plain": "x" }) })',
    );
    expect(outputs.at(-1)).toMatchObject({
      kind: "execute_result",
      data: { "text/html": "<b>x</b>", "text/plain": "x" },
    });
  });

  test("prints to the cell that prints, also when a later one runs", async () => {
    const early = await kernel.execute('console.log("one"); console.error("two");');
    expect(early.outputs.map(({ kind, name, text }) => [kind, name, text])).toEqual([
      ["execute_input", undefined, undefined],
      ["stream", "stdout", "one\n"],
      ["stream", "stderr", "two\n"],
    ]);
    await kernel.execute('setTimeout(() => console.log("from before"), 700).unref(); 1');
    const later = await kernel.execute("await new Promise((done) => setTimeout(done, 900));");
    expect(later.outputs.map(({ kind }) => kind)).toEqual(["execute_input"]);
  });

  test("loses nothing of what is printed in one go", async () => {
    const { outputs } = await kernel.execute("for (let line = 0; line < 20_000; line++) console.log(line);");
    const text = outputs.map(({ text }) => text ?? "").join("");
    expect(text).toBe(Array.from({ length: 20_000 }, (_, line) => `${line}\n`).join(""));
  });

  test("keeps the order of what is printed and shown", async () => {
    const { outputs } = await kernel.execute(
      'console.log("a"); console.error("b"); (globalThis as any)[Symbol.for("thumbrank.kernel")].display({ "text/plain": "c" }); console.log("d"); "e"',
    );
    expect(outputs.map(({ text, data }) => text ?? data?.["text/plain"]).slice(1)).toEqual([
      "a\n",
      "b\n",
      "c",
      "d\n",
      "e",
    ]);
  });

  test.each([
    ["a type error", 'const fine = 1;\nconst wrong: number = "a";', "CELL_DOES_NOT_COMPILE", "not assignable", 2],
    ["a misspelled name", "\n\nepohcs = 5;", "CELL_DOES_NOT_COMPILE", "Cannot find name 'epohcs'", 3],
    ["a throw", "const a = 1;\n\n// why\nthrow new RangeError('boom ' + a);", "RangeError", "boom 1", 4],
    ["a throw after an await", "await 1;\ntype T = string;\nthrow new TypeError('late' as T);", "TypeError", "late", 3],
    ["a rejection that nobody awaits", "1;\nPromise.reject(new Error('alone'));", "Error", "alone", 2],
    ["a throw in a timer", "setTimeout(() => {\n  throw new Error('tick');\n}, 100);", "Error", "tick", 2],
    ["something thrown that is no error", "throw 'a string';", "Thrown", "a string", undefined],
    ["something thrown that has no text", "throw Object.create(null);", "Error", "cannot be shown", undefined],
    [
      "something thrown whose message throws",
      "throw { get message() { throw new Error('no'); } };",
      "Error",
      "cannot be shown",
      undefined,
    ],
  ])("%s is an error with name, message and line", async (_, code, ename, message, line) => {
    const execution = await kernel.execute(code);
    const error = errorOf(execution);
    expect(execution.reply).toMatchObject({ status: "error", ename });
    expect(error).toMatchObject({ ename, evalue: expect.stringContaining(message) });
    if (line !== undefined)
      expect(error?.traceback?.join("\n")).toMatch(new RegExp(`in cell \\[\\d+\\], line ${line}:`));
  });

  test("an error in a function of another cell names both lines", async () => {
    const { reply } = await kernel.execute("const one = 1;\nfunction fail(): void {\n\n  throw new Error('deep');\n}");
    const error = errorOf(await kernel.execute("await Promise.resolve();\nfail();"));
    expect(error?.traceback?.join("\n")).toContain(`(cell [${reply.execution_count}], line 4)`);
    expect(error?.traceback?.join("\n")).toContain("--> ");
    expect(error?.traceback?.join("\n")).not.toMatch(/kernel\/|node_modules\/tslab/);
  });

  test("what fails after its cell has ended fails the next one, which does not run", async () => {
    await kernel.execute("let ran = false; setTimeout(() => { throw new Error('much later') }, 800).unref();");
    await new Promise((done) => setTimeout(done, 900));
    const next = await kernel.execute("ran = true;");
    expect(errorOf(next)).toMatchObject({
      ename: "CELL_FAILED_IN_BACKGROUND",
      evalue: expect.stringContaining("much later"),
    });
    expect(resultOf(await kernel.execute("ran"))).toBe("false");
  });

  test("cells that were sent before one failed are not run", async () => {
    const statuses = await kernel.queue(["1", "throw new Error('stop')", "2", "3"]);
    expect(statuses).toEqual(["ok", "error", "aborted", "aborted"]);
    expect(resultOf(await kernel.execute("1 + 1"))).toBe("2");
  });

  test.each([
    ["code that never awaits", "while (true) {}"],
    ["code that awaits again and again", "for (;;) await new Promise((done) => setTimeout(done, 20));"],
    [
      "an endless walk",
      "async function* on() { for (;;) { await 1; yield new Promise((d) => setTimeout(d, 20)); } }\nfor await (const x of on()) void x;",
    ],
    ["one await that never ends", "await new Promise(() => {});"],
  ])("an interrupt ends %s, and the kernel goes on", async (_, code) => {
    expect(errorOf(await kernel.execute(code, 700))).toMatchObject({ ename: "CELL_INTERRUPTED" });
    expect(resultOf(await kernel.execute("2 + 2"))).toBe("4");
  });

  test("an interrupted loop does not go on behind the next cells", async () => {
    await kernel.execute("let turns = 0;");
    await kernel.execute("for (;;) { await new Promise((done) => setTimeout(done, 10)); turns++; }", 500);
    const before = resultOf(await kernel.execute("turns"));
    await kernel.execute("await new Promise((done) => setTimeout(done, 200));");
    expect(Number(before)).toBeGreaterThan(5);
    expect(resultOf(await kernel.execute("turns"))).toBe(before);
  });

  test("completes and explains names of lib and of cells", async () => {
    expect(errorOf(await kernel.execute('import { marginRankingLoss } from "./lib/training";'))).toBeUndefined();
    expect((await kernel.complete("marginRank", 10)).matches).toContain("marginRankingLoss");
    const { found, data } = await kernel.inspect("marginRankingLoss", 4);
    expect(found).toBe(true);
    expect(data["text/plain"]).toMatch(/winners[\s\S]*Margin ranking loss/);
  });

  test("parameters are assigned bare, and checked", async () => {
    await kernel.execute('let profile: "smoke" | "full" = "full";\nlet epochs: number | null = null;');
    await kernel.execute('profile = "smoke";\nepochs = 5;');
    expect(resultOf(await kernel.execute("[profile, epochs]"))).toBe("[ 'smoke', 5 ]");
    expect(errorOf(await kernel.execute('profile = "bogus";'))?.evalue).toContain("not assignable");
  });
});
