// npm run bench clip-python [-- --geometries crop,wide,full --blocks 4 --batch 1 --tower FOLDER --python FILE --json FILE]
// Our CLIP beside transformers, PyTorch and peft themselves, at the size of ViT-L/14 with random weights, or with a tower that is
// there: embeddings, loss, all gradients of the last blocks and of adapters; and what each saves, loaded by the other. Ends
// with a verdict. Takes some minutes, 9 GB of memory and 3 GB of disk.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { random } from "../lib/base";
import type { Geometry } from "../lib/embedding";
import { towerInput } from "../lib/embedding/vision/input";
import { type Engine, openEngine } from "../lib/engine";
import {
  CLIP_DEVIATIONS,
  CLIP_MEANS,
  type LoraAdapters,
  mergeLora,
  openVisionFolder,
  readAdapters,
  readSafetensors,
  saveAdapters,
  saveVisionFolder,
  trainedNames,
  type VisionFolder,
  type VisionInput,
  type WeightArray,
  writeSafetensors,
} from "../lib/model";
import { type Check, failuresOf, norm, relativeDifference, rowOf, worstGradient } from "./clip-python/checks";
import { type Computed, compute, embed, type Inputs } from "./clip-python/ours";
import { conclude, count } from "./long/verdict";
import { type Contender, startContender } from "./side-by-side/contender";
import { pinnedPython } from "./torch/environment";

const Done = z.object({});
/** Of forward pass, loss and gradients. */
const COMPUTED = 1e-4;
/** Of embeddings of what was saved. */
const SAVED = 1e-5;
/** Of merged weights. */
const MERGED = 1e-6;
/** CLIP ViT-L/14's vision tower. */
const VIT_L_14 = {
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  image_size: 224,
  patch_size: 14,
  projection_dim: 768,
};
const LORA = { rank: 8, alpha: 16 };
/** Share of its own norm by which each trained weight moves in the step. */
const RATE = 0.02;

/** What all checks need. */
interface World {
  engine: Engine;
  python: Contender;
  /** For files that pass between us and Python. */
  folder: string;
  /** Of the tower. */
  tower: VisionFolder;
  blocks: number;
  batch: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      geometries: { type: "string", default: "crop,wide,full" },
      blocks: { type: "string", default: "4" },
      batch: { type: "string", default: "1" },
      tower: { type: "string" },
      python: { type: "string" },
      json: { type: "string" },
    },
  });
  const geometries = z.array(z.enum(["crop", "wide", "full"])).parse(values.geometries.split(","));
  const settings = { geometries, blocks: count("blocks", values.blocks), batch: count("batch", values.batch) };
  const python = await startContender("python", values.python ?? ownPython(), [
    join(__dirname, "clip-python", "peer.py"),
  ]);
  const engine = await openEngine({ backend: "tensorflow" });
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  try {
    const place = values.tower ?? join(folder, "tower");
    if (values.tower === undefined) await python.ask({ do: "make", folder: place, sizes: VIT_L_14 }, Done);
    const tower = await openVisionFolder(place);
    const { blocks, batch } = settings;
    const world = { engine, python, folder, tower, blocks: Math.min(blocks, tower.config.blocks), batch };
    await python.ask({ do: "adapt", folder: place, adapters: join(folder, "theirs"), ...LORA }, Done);
    const checks: Check[] = [];
    for await (const check of allChecks(world, geometries)) {
      console.log(rowOf(check));
      checks.push(check);
    }
    await tower.close();
    await python.end();
    const facts = { versions: { ...python.versions, tensorflow: engine.version }, config: tower.config, checks };
    await conclude({ check: "Python agrees", settings, facts, failures: failuresOf(checks) }, values.json);
  } finally {
    engine.dispose();
    await python.end();
    await rm(folder, { recursive: true });
  }
}

function ownPython(): string {
  const requirements = join(__dirname, "clip-python", "requirements.txt");
  const announcement = "PyTorch, transformers and peft, once, some 3 GB to fetch and 6 GB on the disk,";
  return pinnedPython({ name: "clip-python", requirements, announcement }, console.error);
}

async function* allChecks(world: World, geometries: readonly Geometry[]): AsyncGenerator<Check> {
  for (const geometry of geometries) yield* checksOf(world, geometry);
  yield await mergedCheck(world);
}

async function* checksOf(world: World, geometry: Geometry): AsyncGenerator<Check> {
  const { tower } = world;
  const input = towerInput("the tower", tower, { geometry });
  const inputs = await writeInputs(world, input);
  const name = `${geometry} ${input.grid.rows}x${input.grid.columns}`;
  const stored: VisionInput = {
    width: input.width,
    height: input.height,
    fit: geometry === "crop" ? "crop" : "stretch",
    means: CLIP_MEANS,
    deviations: CLIP_DEVIATIONS,
  };
  yield* towerChecks(world, name, inputs, stored);
  yield* adapterChecks(world, name, inputs, stored);
}

/** The tower, and the tower after a step. */
async function* towerChecks(world: World, name: string, inputs: Inputs, stored: VisionInput): AsyncGenerator<Check> {
  const { engine, tower, blocks } = world;
  const trained = trainedNames(tower.config, blocks);
  const ours = await compute(engine, tower.folder, inputs, trained);
  yield* computedChecks(`${name}: the last ${blocks} blocks`, trained, ours, await askCompute(world, trained));
  const saved = join(world.folder, "saved");
  await saveVisionFolder(saved, { config: tower.config, input: stored }, (weight) => stepped(tower, weight, ours));
  const after = await embed(engine, saved, inputs);
  if (!(relativeDifference(after, ours.embeds) > 1e-3)) throw new Error("the step changed nothing");
  yield { what: `${name}: embeddings of a saved tower`, ...(await askSaved(world, saved, after, stored)) };
}

/** Adapters that peft saved, the same ones saved by us, and merged into a saved tower. */
async function* adapterChecks(world: World, name: string, inputs: Inputs, stored: VisionInput): AsyncGenerator<Check> {
  const { engine, tower, folder } = world;
  const adapters: LoraAdapters = await readAdapters(join(folder, "theirs"), tower.config);
  const trained = Object.keys(adapters.weights);
  const ours = await compute(engine, tower.folder, inputs, trained, adapters);
  const theirs = await askCompute(world, trained, join(folder, "theirs"));
  yield* computedChecks(`${name}: adapters on all blocks`, trained, ours, theirs);
  await saveAdapters(join(folder, "ours"), tower.config, adapters, { name: tower.folder, revision: "random" });
  const again = await askEmbed(world, tower.folder, join(folder, "ours"));
  yield {
    what: `${name}: embeddings of saved adapters`,
    difference: relativeDifference(ours.embeds, again),
    bound: SAVED,
  };
  const saved = join(folder, "saved");
  const merged = mergeLora(tower.config, (weight) => tower.read(weight), adapters);
  await saveVisionFolder(saved, { config: tower.config, input: stored }, merged);
  yield {
    what: `${name}: embeddings of a merged, saved tower`,
    ...(await askSaved(world, saved, ours.embeds, stored)),
  };
}

/** Weights with adapters added, beside those of peft. */
async function mergedCheck(world: World): Promise<Check> {
  const { tower } = world;
  const adapters = join(world.folder, "theirs");
  const theirs = await askTensors(world, { do: "merge", folder: tower.folder, adapters });
  const read = mergeLora(tower.config, (weight) => tower.read(weight), await readAdapters(adapters, tower.config));
  const differences: number[] = [];
  for (const [name, values] of Object.entries(theirs))
    differences.push(relativeDifference((await read(name)).values, values));
  return {
    what: `${differences.length} merged weights, the worst`,
    difference: Math.max(...differences),
    bound: MERGED,
  };
}

function* computedChecks(
  what: string,
  trained: readonly string[],
  ours: Computed,
  theirs: Record<string, Float32Array>,
): Generator<Check> {
  const bound = COMPUTED;
  yield { what: `${what}: embeddings`, difference: relativeDifference(ours.embeds, theirs.embeds), bound };
  yield { what: `${what}: loss`, difference: relativeDifference([ours.loss], theirs.loss), bound };
  const { difference, name } = worstGradient(trained, ours.gradients, theirs);
  yield { what: `${what}: ${trained.length} gradients, worst ${shortened(name)}`, difference, bound };
}

const shortened = (name: string) => name.replace("vision_model.encoder.layers.", "");

/** Random pixels and targets, also for Python. */
async function writeInputs(
  { folder, batch, tower }: World,
  { grid, width, height }: { grid: Inputs["grid"]; width: number; height: number },
): Promise<Inputs> {
  const pixels = normal("pixels", [batch, 3, height, width]);
  const target = normal("target", [batch, tower.config.projection]);
  await writeFile(join(folder, "inputs.safetensors"), writeSafetensors({ pixels, target }));
  return { grid, pixels, target };
}

function normal(name: string, shape: number[]): WeightArray {
  const source = random("clip-python", name);
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, values: Float32Array.from({ length }, () => source.normal()) };
}

/** A weight after a step against its gradient, of a length that is a share of its own. */
async function stepped(tower: VisionFolder, name: string, { gradients }: Computed): Promise<WeightArray> {
  const { shape, values } = await tower.read(name);
  const gradient = gradients[name];
  if (gradient === undefined) return { shape, values };
  const rate = (RATE * norm(values)) / norm(gradient);
  return { shape, values: values.map((value, at) => value - rate * (gradient[at] as number)) };
}

function askCompute(world: World, trained: readonly string[], adapters?: string) {
  return askTensors(world, { do: "compute", folder: world.tower.folder, trained, adapters });
}

async function askEmbed(world: World, folder: string, adapters?: string): Promise<Float32Array | undefined> {
  return (await askTensors(world, { do: "embed", folder, adapters })).embeds;
}

/** How far the embeddings of a folder that transformers loads are from ours; its preprocessing makes the true input. */
async function askSaved(
  world: World,
  folder: string,
  ours: Float32Array,
  { width, height }: VisionInput,
): Promise<Omit<Check, "what">> {
  const { shape } = await world.python.ask({ do: "prepare", folder }, z.object({ shape: z.array(z.number()) }));
  if (shape.join() !== [1, 3, height, width].join())
    throw new Error(`transformers makes [${shape.join(", ")}] of a thumbnail, not [1, 3, ${height}, ${width}]`);
  const difference = relativeDifference(ours, await askEmbed(world, folder));
  await rm(folder, { recursive: true });
  return { difference, bound: SAVED };
}

/** Lets Python compute tensors on the inputs that were written. */
async function askTensors(
  { python, folder }: World,
  request: Record<string, unknown>,
): Promise<Record<string, Float32Array>> {
  const output = join(folder, "answer.safetensors");
  await python.ask({ ...request, inputs: join(folder, "inputs.safetensors"), output }, Done);
  const { weights } = readSafetensors(await readFile(output), output);
  return Object.fromEntries(Object.entries(weights).map(([name, { values }]) => [name, values]));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
