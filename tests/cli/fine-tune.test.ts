import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeForTower, openTextEncoder, VisionTower } from "../../lib/embedding";
import { openEngine } from "../../lib/engine";
import { openVisionFolder, readAdapters } from "../../lib/model";
import { run, start, succeed } from "./thumbrank";

/** A tiny random tower of three blocks, as transformers saves it. */
const TOWER = join(__dirname, "..", "golden", "clip", "vision");
const TRAIN = ["train", "--run", "fine", "--phase", "2", "--tower", TOWER, "--fine-tune-blocks", "2", "--epochs", "4"];
const QUICK = ["--heads", "heads", "--swa-start", "2", "--batch-size", "16", "--checkpoint-steps", "5"];
let root: string;
let prepared: string;
let done: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-fine-tune-"));
  prepared = join(root, "prepared");
  const home = ["--data-dir", prepared];
  await succeed(["sample", "--channels", "6", "--videos-per-channel", "14", ...home]);
  await succeed(["pairs", "--max-pairs-per-channel", "60", ...home]);
  await succeed(["embed", "--image", TOWER, "--geometry", "wide", "--text", "title-hash", ...home]);
  await succeed(["train", "--run", "heads", "--epochs", "2", "--no-use-swa", ...home]);
  done = homeCopy("done");
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

function homeCopy(name: string): string {
  const home = join(root, name);
  cpSync(prepared, home, { recursive: true });
  return home;
}

const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
const results = (home: string) =>
  ["trained/weights.safetensors", "fine-clip/model.safetensors", "fine-clip/preprocessor_config.json"].map((file) =>
    sha256(join(home, "checkpoints", "fine", file)),
  );

test("phase 2 says what it trains, what the guide wants, and how long it takes", async () => {
  const { code, stderr } = await run([...TRAIN, ...QUICK, "--data-dir", done]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("where the guide wants 200,000 for this phase");
  expect(stderr).toContain("no true CTR is known here");
  expect(stderr).toContain("fine-tuning the last 2 of 3 blocks, the post-norm and the projection: 4,144 numbers");
  expect(stderr).toMatch(/a step takes .*: \d+ steps in 4 epochs will take about/);
  expect(stderr).toMatch(/phase 2 aims at AUC >= 0.72 and correlation > 0.5: (not )?reached on validation/);
});

test("the tuned tower differs in its last blocks alone, and says how it takes in pictures", async () => {
  const tuned = await openVisionFolder(join(done, "checkpoints", "fine", "fine-clip"));
  const original = await openVisionFolder(TOWER);
  expect(tuned.input).toMatchObject({ width: 42, height: 24, fit: "stretch" });
  const isChanged = async (name: string) =>
    !Buffer.from((await tuned.read(name)).values.buffer).equals(
      Buffer.from((await original.read(name)).values.slice().buffer),
    );
  expect(await isChanged("vision_model.embeddings.position_embedding.weight")).toBe(false);
  expect(await isChanged("vision_model.encoder.layers.0.mlp.fc1.weight")).toBe(false);
  expect(await isChanged("vision_model.encoder.layers.1.mlp.fc1.weight")).toBe(true);
  expect(await isChanged("vision_model.encoder.layers.2.self_attn.q_proj.weight")).toBe(true);
  expect(await isChanged("visual_projection.weight")).toBe(true);
  await Promise.all([tuned.close(), original.close()]);
});

test("killed in mid-run and resumed, heads and tower have the same bytes", async () => {
  const home = homeCopy("killed");
  const { child, outcome } = start([...TRAIN, ...QUICK, "--data-dir", home]);
  const checkpoints = () => {
    const folder = join(home, "checkpoints", "fine");
    return existsSync(folder) ? readdirSync(folder).filter((name) => /_step_\d+$/.test(name)) : [];
  };
  while (checkpoints().length < 2) await sleep(20);
  child.kill("SIGKILL");
  expect(await outcome).toMatchObject({ signal: "SIGKILL" });
  await succeed([...TRAIN, ...QUICK, "--resume", "latest", "--data-dir", home]);
  expect(results(home)).toEqual(results(done));
});

test("the tuned run is evaluated, exported with its tower and one graph from pixels to score, and ranks without a word about it", async () => {
  const home = ["--data-dir", done];
  const report = JSON.parse(await succeed(["evaluate", "--run", "fine", "--json", ...home]));
  expect(report).toHaveProperty("test");
  await succeed(["export", "--run", "fine", ...home]);
  const version = join(done, "models", "fine", "1");
  expect(sha256(join(version, "fine-clip", "model.safetensors"))).toBe(results(done)[1]);
  const pictures = readdirSync(join(done, "data", "thumbnails"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(png|jpe?g|webp)$/.test(name))
    .slice(0, 3)
    .map((name) => join(done, "data", "thumbnails", name));
  const answer = await succeed(["rank", ...pictures, "--model", "fine", "--title", "A title", "--json", ...home]);
  const { ranking } = JSON.parse(answer);
  expect(ranking).toHaveLength(3);
  const scores = await pixelsToScores(version, pictures, "A title");
  for (const { index, score } of ranking) expect(scores[index]).toBeCloseTo(score, 5);
});

/** Scores of pictures with one title by an exported graph that takes pixels. */
async function pixelsToScores(version: string, pictures: string[], title: string): Promise<number[]> {
  const engine = await openEngine({ backend: "wasm" });
  const tower = await VisionTower.open(engine, join(version, "fine-clip"), { model: "fine-clip" });
  const { width, height } = tower.input;
  const values = tower.values(await Promise.all(pictures.map((picture) => decodeForTower(tower, picture))));
  const text = await openTextEncoder("title-hash");
  const titles = await text.encode(pictures.map(() => title));
  const session = await InferenceSession.create(join(version, "pixels.onnx"));
  const { score } = await session.run({
    pixel_values: new Tensor("float32", values, [pictures.length, 3, height, width]),
    title_embedding: new Tensor("float32", titles, [pictures.length, text.identity.dimensions]),
  });
  await session.release();
  engine.dispose();
  return [...((score as Tensor).data as Float32Array)];
}

test("LoRA adapters are saved as peft saves them, and merged into the tuned tower", async () => {
  const home = homeCopy("lora");
  const adapters = ["--lora-rank", "4", "--lora-lr", "0.01", "--fine-tune-blocks", "all", "--data-dir", home];
  const { code, stderr } = await run([...TRAIN, ...QUICK, ...adapters]);
  expect(code, stderr).toBe(0);
  expect(stderr).toContain("fine-tuning LoRA adapters of rank 4 on the last 3 of 3 blocks: 768 numbers");
  const folder = join(home, "checkpoints", "fine", "fine-adapters");
  const original = await openVisionFolder(TOWER);
  const tuned = await openVisionFolder(join(home, "checkpoints", "fine", "fine-clip"));
  const { weights, rank, alpha } = await readAdapters(folder, original.config);
  expect([rank, alpha]).toEqual([4, 16]);
  const layer = "vision_model.encoder.layers.1.self_attn.q_proj";
  const [a, b] = [weights[`${layer}.lora_A.weight`], weights[`${layer}.lora_B.weight`]];
  const [before, after] = await Promise.all([original, tuned].map((one) => one.read(`${layer}.weight`)));
  for (const place of [0, 77, 255]) {
    let change = 0;
    for (let k = 0; k < 4; k++)
      change += (b?.values[Math.floor(place / 16) * 4 + k] ?? 0) * (a?.values[k * 16 + (place % 16)] ?? 0);
    expect(change).not.toBe(0);
    expect(after?.values[place]).toBeCloseTo((before?.values[place] ?? 0) + 4 * change, 5);
  }
  await Promise.all([tuned.close(), original.close()]);
  await succeed(["evaluate", "--run", "fine", "--data-dir", home]);
});

test("what does not belong together is refused with a code", async () => {
  const home = ["--data-dir", prepared];
  const refused = async (...args: string[]) => {
    const { code, stderr } = await run([...args, ...home]);
    expect(code).toBe(1);
    return stderr;
  };
  expect(await refused("train", "--phase", "2")).toContain("--phase 2: needs --tower");
  expect(await refused(...TRAIN, "--heads", "heads", "--fine-tune-blocks", "9")).toContain(
    "FINE_TUNING_IMPOSSIBLE: CLIP cannot be fine-tuned",
  );
  const other = join(root, "vision");
  cpSync(join(TOWER, "..", "whole"), other, { recursive: true });
  expect(await refused(...TRAIN, "--heads", "heads", "--tower", other)).toContain("were not made by the tower in");
});
