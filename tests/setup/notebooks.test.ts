import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { olderNode, Project } from "./project";

let project: Project;
beforeEach(() => {
  project = new Project();
});
afterEach(() => project.remove());

const argv = (path = project.kernelspec) => JSON.parse(readFileSync(path, "utf8")).argv as string[];
const plugins = () => project.calls().filter((call) => call.includes("thumbrank-plugin-"));

test("Jupyter is told of the kernel: Node 22 and the launcher by their full paths", async () => {
  await project.setUp();
  expect(argv()).toEqual([process.execPath, join(project.folder, "kernel", "launch.mjs"), "{connection_file}"]);
  const spec = JSON.parse(readFileSync(project.kernelspec, "utf8"));
  expect(spec).toMatchObject({ language: "typescript", interrupt_mode: "signal" });
  expect(existsSync(join(project.kernelspec, "..", "logo-svg.svg"))).toBe(true);
});

test("where another Node runs the set-up, the kernel runs by the Node 22 of the cache", async () => {
  await project.setUp(olderNode);
  expect(argv()[0]).toMatch(/cache\/thumbrank\/node\/22[\d.]+\/bin\/node$/);
});

test("a project that moved and a kernel that somebody deleted are noticed, without a new plugin", async () => {
  await project.setUp();
  expect(plugins()).toHaveLength(1);
  rmSync(join(project.kernelspec, ".."), { recursive: true });
  expect((await project.setUp()).output).toContain("notebook kernel: done");
  expect(argv()[1]).toBe(join(project.folder, "kernel", "launch.mjs"));
  const moved = join(project.home, "moved");
  renameSync(project.folder, moved);
  Object.assign(project, { folder: moved });
  expect((await project.setUp()).output).toContain("notebook kernel: done");
  expect(argv(join(moved, ".venv/share/jupyter/kernels/thumbrank/kernel.json"))[1]).toContain(moved);
  expect(plugins()).toEqual([]);
});

test("a plugin that changed is installed anew, without a network and without traces in its folder", async () => {
  await project.setUp();
  plugins();
  const engine = join(project.folder, "kernel/python/thumbrank_papermill/engine.py");
  writeFileSync(engine, `${readFileSync(engine, "utf8")}\n`);
  expect((await project.setUp()).code).toBe(0);
  expect(plugins()).toEqual([expect.stringMatching(/--no-index --no-build-isolation --no-deps/)]);
  expect(existsSync(join(project.folder, "kernel/python/build"))).toBe(false);
});

test("a plugin that cannot be installed ends the set-up with pip's words and the next step", async () => {
  const { code, output } = await project.setUp({ FAKE_PLUGIN: "fail" });
  expect(output).toMatch(/SETUP_KERNEL_FAILED: .*no setuptools.*Next: .*npm run setup/s);
  expect(code).toBe(1);
});
