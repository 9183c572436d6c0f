import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ended, fakePython, Project, until } from "./project";

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

const stampOf = (folder: string) => join(folder, "complete.json");
const libraryOf = (folder: string) => join(folder, "tensorflow", "libtensorflow_cc.so.2");

test("a bare project gets packages, a Python environment and exactly two libraries, checked by hash", async () => {
  const { code, output } = await project.setUp();
  expect(output).toMatch(/npm packages: done.*\n.*\n?Python environment: .*\nPython environment: done/);
  expect(code).toBe(0);
  const { files } = JSON.parse(readFileSync(stampOf(project.library), "utf8"));
  const sha256 = createHash("sha256").update("the library").digest("hex");
  expect(files["tensorflow/libtensorflow_cc.so.2"]).toEqual({ sizeBytes: 11, sha256 });
  expect(readFileSync(libraryOf(project.library), "utf8")).toBe("the library");
  expect(readdirSync(join(project.library, "tensorflow"))).toHaveLength(2);
  expect(readdirSync(join(project.library, ".."))).toEqual(["2.21.0-cpu"]);
});

test("no install script runs, and pip downloads by content only", async () => {
  await project.setUp();
  const calls = project.calls();
  expect(calls.filter((call) => call.startsWith("npm ")).every((call) => call.includes("--ignore-scripts"))).toBe(true);
  const pip = calls.filter((call) => /-m pip (install|download)/.test(call));
  expect(pip).toHaveLength(3);
  expect(pip.filter((call) => !call.includes("--require-hashes"))).toEqual([expect.stringContaining("--no-index")]);
});

test("the second run does nothing and says so in a line a step", async () => {
  await project.setUp();
  project.calls();
  const { code, output } = await project.setUp();
  expect(project.calls()).toEqual([]);
  expect(output.trim().split("\n")).toHaveLength(6);
  expect(output.match(/already there/g)).toHaveLength(6);
  expect(code).toBe(0);
});

test("a new lock file, new requirements and a cut library are each noticed", async () => {
  await project.setUp();
  project.calls();
  project.writeLock("2.0.0");
  await project.setUp();
  expect(project.calls().filter((call) => /npm|-m pip/.test(call))).toEqual([expect.stringContaining("npm ci")]);
  writeFileSync(join(project.folder, "requirements.txt"), "papermill==2.8.0\n");
  await project.setUp();
  expect(project.calls().filter((call) => call.includes("-m pip install"))).toHaveLength(1);
  truncateSync(libraryOf(project.library), 3);
  await project.setUp();
  expect(readFileSync(libraryOf(project.library), "utf8")).toBe("the library");
});

test("without TensorFlow the set-up succeeds, announces wasm loudly and says how to retry", async () => {
  const { code, output } = await project.setUp({ FAKE_DOWNLOAD: "fail" });
  expect(code).toBe(0);
  expect(output).toContain("!".repeat(80));
  expect(output).toMatch(/SETUP_TENSORFLOW_FAILED: .*No matching distribution found/s);
  expect(output).toMatch(/Next: .*wasm backend.*npm run setup/);
  expect(existsSync(project.library)).toBe(false);
  expect((await project.setUp()).output).toContain("TensorFlow library: done");
});

test("a wheel with other content than the pinned one is refused", async () => {
  const { code, output } = await project.setUp({
    FAKE_DOWNLOAD: "real",
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: project.wheels,
  });
  expect(output).toMatch(/SETUP_TENSORFLOW_FAILED/);
  expect(output).toMatch(/hash/i);
  expect(code).toBe(0);
  expect(existsSync(project.library)).toBe(false);
});

test("killed while unpacking, nothing is taken for complete, and the next run completes it", async () => {
  const child = project.start("scripts/setup.mjs", [], { FAKE_UNZIP: "slow" });
  const end = ended(child);
  await until(() => existsSync(libraryOf(`${project.library}.aside`)));
  child.kill("SIGKILL");
  await end;
  expect(existsSync(stampOf(project.library))).toBe(false);
  expect(existsSync(stampOf(`${project.library}.aside`))).toBe(false);
  expect((await project.setUp()).code).toBe(0);
  expect(readFileSync(libraryOf(project.library), "utf8")).toBe("the library");
});

test("two at once: the second waits and finds everything done", async () => {
  const both = await Promise.all([project.setUp({ FAKE_NPM: "slow" }), project.setUp({ FAKE_NPM: "slow" })]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.filter(({ output }) => output.includes("waiting for it"))).toHaveLength(1);
  expect(project.calls().filter((call) => call.startsWith("npm ci"))).toHaveLength(1);
});

test("a failing npm ends the set-up with npm's words and the next step", async () => {
  const { code, output } = await project.setUp({ FAKE_NPM: "fail" });
  expect(code).toBe(1);
  expect(output).toMatch(/SETUP_PACKAGES_FAILED: .*the registry is down.*Next: .*npm run setup/s);
});

test("a failing pip ends the set-up with the next step, and the next run tries again", async () => {
  const { code, output } = await project.setUp({ FAKE_INSTALL: "fail" });
  expect(code).toBe(1);
  expect(output).toMatch(/SETUP_PYTHON_PACKAGES_FAILED: .*no index can be reached.*Next: .*npm run setup/s);
  expect((await project.setUp()).code).toBe(0);
});

test("a machine without a new enough Python is told what was found", async () => {
  const none = await project.setUp({ PATH: project.pathOf() });
  expect(none.output).toMatch(/SETUP_PYTHON_MISSING: no Python >= 3.10 on PATH \(found: none\)\nNext: install Python/);
  const old = await project.setUp({
    PATH: project.pathOf(fakePython, "dirname", "readlink"),
    FAKE_PYTHON_VERSION: "3 9",
  });
  expect(old.output).toContain("(found: python3 3.9)");
  expect(old.code).toBe(1);
});

test("THUMBRANK_TF=off fetches no library; another word is an error", async () => {
  const off = await project.setUp({ THUMBRANK_TF: "off" });
  expect(off.output).toContain("TensorFlow library: already there (left out");
  expect(project.calls().filter((call) => call.includes("download"))).toEqual([]);
  const wrong = await project.setUp({ THUMBRANK_TF: "tpu" });
  expect(wrong.output).toMatch(/SETUP_TENSORFLOW_CHOICE: THUMBRANK_TF is "tpu"\nNext: .*cpu, gpu, off/);
  expect(wrong.code).toBe(1);
});

test("where nobody chose, a GPU library that is there will do", async () => {
  await project.setUp();
  const gpu = project.library.replace("cpu", "gpu");
  renameSync(project.library, gpu);
  const { wheels } = await import(join(project.folder, "scripts/setup/wheels.mjs"));
  const requirements = wheels[`gpu ${process.platform}-${process.arch}`]?.requirements;
  writeFileSync(stampOf(gpu), JSON.stringify({ requirements, files: {} }));
  expect((await project.setUp()).output).toContain("already there (2.21.0 gpu)");
  expect((await project.setUp({ THUMBRANK_TF: "cpu" })).output).toContain("TensorFlow library: done");
});

test("an active conda environment of ours is filled in place of a .venv, and never remade", async () => {
  const conda = join(project.home, "conda");
  mkdirSync(join(conda, "bin"), { recursive: true });
  const variables = { CONDA_DEFAULT_ENV: "thumbrank", CONDA_PREFIX: conda };
  const without = await project.setUp(variables);
  expect(without.output).toMatch(/SETUP_PYTHON_PACKAGES_FAILED: .*conda install pip/);
  expect(project.calls().filter((call) => call.includes("-m venv"))).toEqual([]);
  symlinkSync(fakePython, join(conda, "bin", "python"));
  expect((await project.setUp(variables)).output).toMatch(/\nnotebook kernel: done.*\nTensorFlow library: /);
  expect(existsSync(join(conda, "share", "jupyter", "kernels", "thumbrank", "kernel.json"))).toBe(true);
  expect(existsSync(join(project.folder, ".venv"))).toBe(false);
});
