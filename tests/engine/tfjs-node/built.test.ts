import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, openEngine } from "../../../lib/engine";
import { cases } from "../cases";
import { compare } from "../cases/compare";
import { runStep, smallNet } from "../net";
import { type Build, buildTfjsNode, runProgram, script } from "./build";

const build: Build = buildTfjsNode();
const named = (name: string) => (build.missing === undefined ? name : `${name} (needs ${build.missing})`);
/** What tfjs-node does not have: kernels, or padding by numbers. */
const NOT_THERE = [
  "conv2d padded by a number",
  "conv2d padded at each side",
  "maxPool padded by a number",
  "avgPool padded by a number",
  "maxPoolWithArgmax",
  "transform",
  "denseBincount",
  "searchSorted",
  "bitwiseAnd",
];
const EAGER = ["tensorflow", 8000, 8000];

afterAll(() => build.remove());

describe.skipIf(build.missing !== undefined)(named("tfjs-node, built"), () => {
  const environment = { ...build.environment };
  let engine: Engine;
  let truth: Engine;

  beforeAll(async () => {
    for (const name of ["XDG_CACHE_HOME", "THUMBRANK_TF_DIR"]) process.env[name] = environment[name];
    engine = await openEngine({ backend: "tfjs-node" });
    truth = await openEngine({ backend: "cpu" });
  });

  test("is not built twice", () => {
    const { status, stderr } = spawnSync(process.execPath, [script], { env: environment, encoding: "utf8" });
    expect(stderr.match(/already there/g)).toHaveLength(3);
    expect(status).toBe(0);
  });

  // One test: where something is missing, hundreds would be skipped by name.
  test("operations equal those of tfjs's CPU backend, gradients too, but for those that it does not have", async () => {
    const failures = new Map<string, string>();
    for (const each of cases)
      await compare([engine, truth], each, 1e-4).catch((failure: Error) => failures.set(each.name, failure.message));
    for (const name of NOT_THERE) expect(failures.get(name)).toMatch(/does not have the operation|padding/);
    for (const name of NOT_THERE) failures.delete(name);
    expect([...failures]).toEqual([]);
  });

  test("20 training steps equal those on tfjs's CPU backend", async () => {
    const nets = [engine, truth].map(smallNet);
    for (let t = 1; t <= 20; t++) {
      const [given, expected] = await Promise.all(nets.map((net) => runStep(net, t)));
      for (const [at, values] of given!.entries()) expect(worst(values, expected![at]!)).toBeLessThan(1e-4);
    }
    const given = await engine.read(nets[0]!.variables);
    const expected = await truth.read(nets[1]!.variables);
    for (const [at, values] of given.entries()) expect(worst(values, expected[at]!)).toBeLessThan(1e-4);
  });

  test("computes what is outside of steps, beside a compiled step, unless it is switched off", () => {
    const on = { ...environment, THUMBRANK_TFJS_NODE: "" };
    expect(JSON.parse(runProgram("tfjs-node/short.ts", on))).toEqual([EAGER]);
    const off = { ...environment, THUMBRANK_TFJS_NODE: "off" };
    expect(JSON.parse(runProgram("tfjs-node/short.ts", off))).toEqual([["wasm", 8000, 8000]]);
  });

  test("works in worker threads, and the process ends with 0 by falling off and by exit", () => {
    const on = { ...environment, THUMBRANK_TFJS_NODE: "" };
    expect(JSON.parse(runProgram("tfjs-node/short.ts", on, "worker"))).toEqual([EAGER, EAGER, EAGER]);
    expect(JSON.parse(runProgram("tfjs-node/short.ts", on, "exit"))).toEqual([EAGER]);
  });

  test("leaves a trained model's bytes as they are", () => {
    const hashOf = (THUMBRANK_TFJS_NODE: string) =>
      JSON.parse(runProgram("programs/train.ts", { ...environment, THUMBRANK_TFJS_NODE }, "50")).hash as string;
    expect(hashOf("")).toBe(hashOf("off"));
  });
});

/** Largest difference, relative where the truth is above 1. */
function worst(given: Float32Array, truth: Float32Array): number {
  const difference = (value: number, at: number) => Math.abs(value - truth[at]!) / Math.max(1, Math.abs(truth[at]!));
  return Math.max(...Array.from(given, difference));
}
