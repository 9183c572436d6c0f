import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeReport } from "../../bench/side-by-side/report";
import { writeBatches, writeWorld } from "../../bench/training/files";
import { batchesOf, freshModel, worldOf } from "../../bench/training/world";
import { TrainingOptions } from "../../lib/config";

const options = TrainingOptions.parse({ batchSize: 8 });

test("a world is the same at every call, its rows have length 1 in both halves, and pairs stay in their fold", () => {
  const [world, again] = [0, 1].map(() => worldOf({ videos: 60, pairs: 24 }));
  expect(world).toEqual(again);
  const { features, videos, pairs, ctrTargets } = world!;
  const norm = (from: number, to: number) => Math.hypot(...features.subarray(from, to));
  expect(norm(0, 768)).toBeCloseTo(1, 0);
  expect(norm(768, 1152)).toBeCloseTo(1, 0);
  for (const fold of ["train", "validation"] as const)
    for (const [at, winner] of pairs[fold].winners.entries()) {
      const loser = pairs[fold].losers[at]!;
      expect([videos[winner]!.fold, videos[loser]!.fold]).toEqual([fold, fold]);
      expect(ctrTargets[winner]).toBeGreaterThanOrEqual(ctrTargets[loser]!);
    }
});

test("PyTorch's files hold every number of the batches, step after step", async () => {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-test-"));
  try {
    const data = worldOf({ videos: 60, pairs: 24 });
    const batches = batchesOf(data, options, 2);
    expect(batches).toHaveLength(2);
    await writeWorld(folder, data, freshModel());
    await writeBatches(folder, 8, batches);
    const rows = await readFile(join(folder, "rows-8.i32"));
    expect([...Array(32).keys()].map((at) => rows.readInt32LE(at * 4))).toEqual(batches.flatMap((b) => [...b.rows]));
    expect((await readFile(join(folder, "lambdas-8.f32"))).readFloatLE(4)).toBe(Math.fround(batches[1]!.lambda));
    expect((await readFile(join(folder, "features.f32"))).length).toBe(60 * 1152 * 4);
    expect(await readdir(folder)).toContain("weights.safetensors");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a report is JSON with machine, rounds and results", async () => {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-test-"));
  try {
    const load = { busy: 0, loadAverage: 0 };
    const machine = { cpu: "a", cores: 2, memoryBytes: 1, platform: "b", node: "22" };
    const results = [{ name: "thumbrank", batch: 16, medianMs: 3, lowMs: 2, highMs: 4, rounds: 1 }];
    const rounds = [{ name: "thumbrank", batch: 16, round: 0, ms: 3 }];
    const facts = { bench: "step", takenAt: "", versions: {}, settings: {} };
    await writeReport(join(folder, "out.json"), {
      ...facts,
      machine,
      load: { before: load, after: load },
      rounds,
      results,
    });
    const read = JSON.parse(await readFile(join(folder, "out.json"), "utf8"));
    expect(read).toMatchObject({ machine, rounds, results });
    await writeReport(undefined, read);
    expect(await readdir(folder)).toEqual(["out.json"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
