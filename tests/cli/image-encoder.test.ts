import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, succeed } from "./thumbrank";

let root: string;
let towers: string;
let home: string[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-image-"));
  towers = join(root, "towers");
  cpSync(join(__dirname, "..", "golden", "clip", "vision"), join(towers, "tiny-clip"), { recursive: true });
  home = ["--data-dir", join(root, "home")];
  await succeed(["sample", "--channels", "6", "--videos-per-channel", "14", ...home]);
  await succeed(["pairs", "--max-pairs-per-channel", "60", ...home]);
}, 120_000);
afterAll(() => rm(root, { recursive: true, force: true }));

test("a folder's tower in two geometries: a run keeps to its own through evaluation, export and ranking", async () => {
  const tower = join(towers, "tiny-clip");
  const embed = ["embed", "--image", tower, "--text", "title-hash", ...home];
  for (const geometry of ["crop", "wide"])
    expect(await succeed([...embed, "--geometry", geometry])).toMatch(
      /image by tiny-clip \(12 dimensions\): [1-9]\d* /,
    );
  const train = ["train", "--epochs", "1", "--no-use-swa", "--run", "first", ...home];
  const { stderr } = await run(train);
  expect(stderr).toContain("ENCODER_AMBIGUOUS: there are image embeddings by several encoders: tiny-clip crop");
  expect(stderr).toContain("name one with --image and --geometry");
  // By its folder or by its name.
  await succeed([...train, "--image", tower, "--geometry", "wide"]);

  const ofRun = ["--run", "first", ...home];
  const report = JSON.parse(await succeed(["evaluate", "--json", ...ofRun]));
  expect(report).toHaveProperty("test");
  expect(JSON.parse(await succeed(["evaluate", "--json", "--image", "tiny-clip", ...ofRun]))).toEqual(report);
  await succeed(["export", ...ofRun]);
  const card = JSON.parse(readFileSync(join(root, "home", "models", "first", "1", "model.json"), "utf8"));
  expect(card.encoders.image).toMatchObject({ model: "tiny-clip", preprocessing: expect.stringContaining(", wide, ") });

  const data = join(root, "home", "data");
  const stored = readdirSync(data, { recursive: true, encoding: "utf8" }).filter((name) => /\.(jpg|png)$/.test(name));
  const rank = [
    "rank",
    ...stored.slice(0, 3).map((name) => join(data, name)),
    "--model",
    "first",
    "--title",
    "A",
    ...home,
  ];
  const without = await run(rank);
  expect(without.stderr).toContain('EMBEDDING_ENCODER_UNKNOWN: there is no image encoder "tiny-clip"');
  expect(without.stderr).toContain("with --model-dir the one it is in");
  for (const modelDir of [towers, tower]) {
    const { ranking } = JSON.parse(await succeed([...rank, "--json", "--model-dir", modelDir]));
    expect(ranking).toHaveLength(3);
  }
  expect(await succeed(["evaluate", "--model", "first", "--model-dir", towers, ...home])).toContain("pairwise AUC");

  // A run of an earlier version knows the encoder's name alone.
  const file = join(root, "home", "runs", "first", "run.json");
  const record = JSON.parse(readFileSync(file, "utf8"));
  expect(record.data.imageIdentity).toMatch(/^[0-9a-f]{12}$/);
  delete record.data.imageIdentity;
  writeFileSync(file, JSON.stringify(record));
  expect((await run(["evaluate", ...ofRun])).stderr).toContain("ENCODER_AMBIGUOUS");
  expect(JSON.parse(await succeed(["evaluate", "--json", "--geometry", "wide", ...ofRun]))).toEqual(report);

  // The tower with other weights is another encoder.
  const other = join(root, "others", "tiny-clip");
  cpSync(join(__dirname, "..", "golden", "clip", "whole"), other, { recursive: true });
  expect((await run([...rank, "--model-dir", other])).stderr).toContain("MODEL_ENCODER_MISMATCH");
}, 240_000);

test("a geometry that the encoder has not is refused, with those that it has", async () => {
  const { stderr } = await run([
    "embed",
    "--image",
    "descriptor",
    "--geometry",
    "wide",
    "--text",
    "title-hash",
    ...home,
  ]);
  expect(stderr).toContain('EMBEDDING_GEOMETRY_UNSUPPORTED: descriptor does not take in pictures as "wide"');
  expect(stderr).toContain("full, crop, squash, letterbox, crops");
});
