import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "../house/files";
import { projectCopy } from "./kernel";
import { hasJupyter, jupyterPathFor, needed, papermill, printed, program, writeNotebook } from "./notebook";

const folder = mkdtempSync(join(tmpdir(), "thumbrank-papermill-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PARAMETERS = `let epochs: number = 1; // how often
let title: string | null = "none";
let rates: number[] = [];
let flags: Record<string, boolean> = {};`;

function notebook(name: string, ...cells: string[]): string {
  const path = join(folder, `${name}.ipynb`);
  writeNotebook(path, PARAMETERS, cells);
  return path;
}

describe.skipIf(!hasJupyter)(`papermill${needed}`, () => {
  test("gives parameters of all types to a notebook and runs it in the project's root, started from anywhere", async () => {
    const shows = `console.log(JSON.stringify([epochs, title, rates, flags, process.cwd()]));
console.log(process.env.THUMBRANK_HEADLESS);`;
    const title = 'two "lines"\n</script>`x` \u2028 \\ é';
    const path = notebook("typed", shows);
    const yaml = JSON.stringify({ rates: [0.5, 25], flags: { "a b": true, null: false } });
    const run = await papermill(path, ["-p", "epochs", "20", "-r", "title", title, "-y", yaml], { cwd: "/" });
    expect(run.said).not.toContain("Traceback");
    expect(run.code).toBe(0);
    const [first, second] = printed(run).split("\n");
    expect(JSON.parse(first ?? "")).toEqual([20, title, [0.5, 25], { "a b": true, null: false }, root]);
    expect(second).toBe("1");
    expect(run.cells[1]?.source).toMatch(/^\/\/ Parameters\n(.*\n)*epochs = 20;\n/);
  });

  test("papermill's Python API runs a notebook too, and says where it failed", async () => {
    const path = notebook("api", "epochs;", "throw new RangeError(title ?? '');");
    const script = `import papermill as pm, sys
try:
    pm.execute_notebook(sys.argv[1], sys.argv[2], parameters={"epochs": 3, "title": None}, progress_bar=False)
except pm.PapermillExecutionError as error:
    print(error.exec_count, error.ename)`;
    const args = ["-c", script, path, join(folder, "api.out.ipynb")];
    const { stdout } = await promisify(execFile)(program("python"), args, { cwd: folder });
    expect(stdout.trim()).toBe("4 RangeError");
  });

  test("writes what Python has and YAML has not, and refuses what a number or a name cannot be", async () => {
    const script = `import datetime, pathlib
from thumbrank_papermill.translator import TypeScriptTranslator as T
inf = float("inf")
print(T.translate([float("nan"), inf, -inf, 1e-7, 2**53 - 1, (1, None), datetime.date(2024, 5, 1), pathlib.Path("a")]))
print(T.translate({"__proto__": 1, 2: True}))
for parameters in {"n": 2**53}, {"a b": 1}:
    try: print(T.codify(parameters))
    except Exception as error: print(error)
from papermill.engines import papermill_engines as engines, NBClientEngine
from papermill.translators import papermill_translators, PythonTranslator
print(engines.get_engine(None) is NBClientEngine, papermill_translators.find_translator("python3", "python") is PythonTranslator)`;
    const { stdout } = await promisify(execFile)(program("python"), ["-c", script]);
    expect(stdout.trim().split("\n")).toEqual([
      '[NaN, Infinity, -Infinity, 1e-07, 9007199254740991, [1, null], "2024-05-01", "a"]',
      '{["__proto__"]: 1, "2": true}',
      expect.stringMatching(/^9007199254740992 is too large/),
      expect.stringMatching(/^'a b' cannot be a parameter/),
      "True True",
    ]);
  });

  test("--help-notebook names each parameter with type, default and comment", async () => {
    const { said } = await papermill(notebook("help"), ["--help-notebook"]);
    expect(said).toMatch(/epochs: number \(default 1\)\s+how often/);
    expect(said).toContain('title: string | null (default "none")');
    expect(said).toContain("flags: Record<string, boolean> (default {})");
  });
});

interface Failure {
  title: string;
  cells?: string[];
  args?: string[];
  ename: string;
  says: RegExp;
  /** The line that the traceback points at. */
  line: string;
}

const failures: Failure[] = [
  {
    title: "a type error in a cell",
    cells: ["const three = 3;\nconst text: string = three;"],
    ename: "CELL_DOES_NOT_COMPILE",
    says: /Type 'number' is not assignable to type 'string'/,
    line: "2  const text: string = three;",
  },
  {
    title: "a throw",
    cells: ["epochs;\nthrow new RangeError(String(epochs));"],
    ename: "RangeError",
    says: /^1$/,
    line: "2  throw new RangeError(",
  },
  {
    title: "a rejected promise that nobody awaits",
    cells: ["epochs;\nPromise.reject(new TypeError('nobody waits'));", "console.log('reached');"],
    ename: "TypeError",
    says: /^nobody waits$/,
    line: "2  Promise.reject(",
  },
  {
    title: "a throw in a timer",
    cells: ["setTimeout(() => {\n  throw new Error('in a timer');\n}, 50);", "console.log('reached');"],
    ename: "Error",
    says: /^in a timer$/,
    line: "2    throw new Error(",
  },
  {
    title: "a parameter of another type",
    args: ["-p", "epochs", "five"],
    ename: "CELL_DOES_NOT_COMPILE",
    says: /Type 'string' is not assignable to type 'number'/,
    line: '2  epochs = "five";',
  },
  {
    title: "a misspelled parameter",
    args: ["-p", "epoch", "5"],
    ename: "CELL_DOES_NOT_COMPILE",
    says: /Cannot find name 'epoch'. Did you mean 'epochs'\?/,
    line: "2  epoch = 5;",
  },
];

describe.skipIf(!hasJupyter)(`ends papermill with an error output that has name, message and line${needed}`, () => {
  test.concurrent.for(failures)("$title", async ({ title, cells = [], args, ename, says, line }, { expect }) => {
    const run = await papermill(notebook(title.replaceAll(" ", "-"), ...cells), args);
    expect(run.code).not.toBe(0);
    const error = run.cells.flatMap(({ outputs }) => outputs).find(({ output_type }) => output_type === "error");
    expect(error).toMatchObject({ ename, evalue: expect.stringMatching(says) });
    expect(error?.traceback?.join("\n")).toContain(`-->   ${line}`);
    expect(printed(run)).not.toContain("reached");
    expect(run.said).toContain(ename);
  });

  test.concurrent("a type error in lib", async ({ expect }) => {
    const project = projectCopy();
    try {
      writeFileSync(join(project, "lib", "broken.ts"), "export const one = 1;\nexport const broken: string = one;\n");
      const path = notebook("lib", 'console.log("before");', 'import { random } from "./lib/base";\nrandom;');
      const run = await papermill(path, [], { variables: { JUPYTER_PATH: jupyterPathFor(project) } });
      expect(run.code).not.toBe(0);
      const error = run.cells.at(-1)?.outputs.find(({ output_type }) => output_type === "error");
      expect(error?.ename).toBe("LIB_DOES_NOT_COMPILE");
      expect(error?.evalue).toMatch(/lib\/broken\.ts\(2,14\): error TS2322/);
      expect(printed(run)).toBe("before\n");
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
});
