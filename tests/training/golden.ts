import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hashSeed } from "../../lib/base/random";
import { TrainingOptions } from "../../lib/config";
import type { Engine } from "../../lib/engine";
import type { PairSet, TrainingData } from "../../lib/features";
import { ThumbnailRankingModel, type Weights } from "../../lib/model";
import type { Batch } from "../../lib/training/batches";
import type { StepSetting } from "../../lib/training/step";
import { readVariables, trainingVariables } from "../../lib/training/variables";
import { planted } from "./planted";

/** As in make.py. */
const WORLD = 73;

type Values = Record<string, number[]>;
type Outputs = Record<"scores" | "ctr" | "auxiliary", number[]>;

export interface GoldenBatch {
  rows: number[];
  partners: number[];
  lambda: number;
  pairWeights: number[];
}

interface Common {
  batch: GoldenBatch;
  losses: number[];
  evaluation: Outputs;
  trainingMode: { output: Outputs; running: Values };
}

export interface Tiny extends Common {
  gradients: Values;
  dropout: { seed: number; losses: number[]; gradients: Values; output: Outputs; running: Values };
  training: {
    learningRate: number;
    weightDecay: number;
    maxGradientNorm: number;
    swaFrom: number;
    steps: { batch: GoldenBatch; losses: number[]; gradNorm: number }[];
    weights: Values;
    adamM: Values;
    adamV: Values;
    swa: Values;
  };
}

export interface Full extends Common {
  gradients: Record<string, { norm: number; entries: number[] }>;
}

/** See make_fifty.py. */
export interface Fifty {
  world: number;
  sizes: { clip: number; text: number; hidden: number; videos: number; pairs: number; scale: number };
  learningRate: number;
  weightDecay: number;
  maxGradientNorm: number;
  steps: { batch: GoldenBatch; losses: number[]; gradNorm: number }[];
  weights: Values;
  normsM: Record<string, number>;
  normsV: Record<string, number>;
}

/** What PyTorch computed; see make.py. */
export function golden<Kind extends Tiny | Full | Fifty>(name: "tiny" | "full" | "fifty"): Kind {
  return JSON.parse(readFileSync(join(__dirname, "../golden/training", `${name}.json`), "utf8")) as Kind;
}

/** `noise` of make.py: numbers in [-1, 1) from a name and a place. */
export function noise(name: string, count: number, world = WORLD): Float64Array {
  const seed = hashSeed(world, name);
  return Float64Array.from({ length: count }, (_, place) => {
    let hash = (Math.imul(place, 0x9e3779b9) + seed) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
    return (hash ^ (hash >>> 16)) / 2 ** 31 + ((hash ^ (hash >>> 16)) < 0 ? 2 : 0) - 1;
  });
}

/** The model and data of make.py's `World`. */
export function goldenWorld(
  sizes: { clipDim: number; textDim: number; hiddenDim: number },
  videos: number,
  scale: number,
  world = WORLD,
) {
  const blank = new ThumbnailRankingModel(sizes);
  const model = blank.withWeights(goldenWeights(blank, world));
  const floats = (name: string, count: number) => Float32Array.from(noise(name, count, world));
  const share = (values: Float32Array) => values.map((value) => (value + 1) / 2);
  const base = planted({ perChannel: 2, imageDim: sizes.clipDim, textDim: sizes.textDim });
  const data: TrainingData = {
    ...base,
    videos: base.videos.slice(0, videos),
    features: floats("features", videos * model.inputDim).map((value) => value * scale),
    ctrTargets: share(floats("ctrTargets", videos)),
    trueCtrTargets: 0,
    auxiliaryTargets: share(floats("auxiliaryTargets", videos * 6)),
  };
  return { model, data };
}

function goldenWeights(model: ThumbnailRankingModel, world: number): Weights {
  const fanIn = (name: string) => model.weights[name.replace(/\w+$/, "weight")]?.shape[1] as number;
  const entries = model.specs.map(({ name, shape }) => {
    const values = noise(
      name,
      shape.reduce((product, size) => product * size, 1),
      world,
    );
    const centre = /(weight|running_var)$/.test(name) ? 1 : 0;
    const scaled = /^ctr\.[26]\./.test(name)
      ? values.map((value) => value * 0.2 + centre)
      : values.map((value) => value / Math.sqrt(fanIn(name)));
    return [name, { shape, values: Float32Array.from(scaled) }];
  });
  return Object.fromEntries(entries);
}

/** The golden model on an engine, with the options that the golden values were made with. */
export function goldenSetting(
  engine: Engine,
  { model, data }: ReturnType<typeof goldenWorld>,
  options: Partial<TrainingOptions> = {},
): StepSetting {
  const variables = trainingVariables(engine, model, data);
  return { engine, model, variables, options: TrainingOptions.parse({ dropoutScale: 0, ...options }) };
}

/** A golden batch as the pipeline makes them. */
export function batchOf({ rows, partners, lambda, pairWeights }: GoldenBatch, dropoutSeed = 0): Batch {
  return {
    size: pairWeights.length,
    lambda,
    dropoutSeed,
    rows: Int32Array.from(rows),
    partners: Int32Array.from(partners),
    pairWeights: Float32Array.from(pairWeights),
  };
}

/** The pairs of golden batches, one after the other, as a set. */
export function pairsOf(batches: GoldenBatch[]): PairSet {
  const half = (from: 0 | 1) =>
    Int32Array.from(
      batches.flatMap(({ rows }) => rows.slice((from * rows.length) / 2, ((from + 1) * rows.length) / 2)),
    );
  const winners = half(0);
  const losers = half(1);
  const ones = new Float32Array(winners.length).fill(1);
  return { winners, losers, margins: ones, weights: ones };
}

/** Largest absolute difference. */
export function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(0, ...Array.from(found, (value, at) => Math.abs(value - (expected[at] as number))));
}

/** One of AdamW's moments, by the weights' own names. */
export function readMoments(setting: StepSetting, slot: "m" | "v"): Promise<Weights> {
  const { slots } = setting.variables;
  return readVariables(setting, Object.fromEntries(Object.entries(slots).map(([name, each]) => [name, each[slot]])));
}
