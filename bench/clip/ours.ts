// A fine-tuning step of ours, kept alive and told when to run: ours.ts CASE THREADS
import { readFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import { random } from "../../lib/base";
import { applyAdamW, type Engine, openEngine } from "../../lib/engine";
import { ownGrid, tokenCount, trainedNames, visionSpecs } from "../../lib/model";
import { lastBlocks, type TrainedTower, wholeTower } from "../../lib/training";
import { serve } from "../side-by-side/serve";
import { PARTS, VIT_L_14 } from "./cases";

const RATE = 1e-5;

async function main(one: string, threads: string): Promise<void> {
  const [part, precision] = one.split("-") as [keyof typeof PARTS, "float32" | "bfloat16"];
  const { blocks, batch } = PARTS[part];
  const engine = await openEngine({
    backend: "tensorflow",
    device: "cpu",
    intraOpThreads: Number(threads),
    interOpThreads: 2,
    precision,
  });
  const shape = { config: VIT_L_14, grid: ownGrid(VIT_L_14), read: async () => new Float32Array() };
  const isWhole = part === "all";
  const tower = isWhole ? wholeTower(shape) : lastBlocks({ ...shape, from: VIT_L_14.blocks - blocks });
  const step = makeStep(engine, tower, trainedNames(VIT_L_14, isWhole ? "all" : blocks), batch);
  const source = random(1, "bench");
  const inputs = isWhole ? 3 * VIT_L_14.imageSize ** 2 : tokenCount(shape.grid) * VIT_L_14.width;
  const input = Float32Array.from({ length: batch * inputs }, () => source.normal());
  let done = 0;
  await serve(
    { node: process.versions.node, tensorflow: engine.version },
    {
      async step() {
        done++;
        const began = performance.now();
        const [loss] = await step(input, Float32Array.of(RATE, 0.01, 0.9 ** done, 0.999 ** done));
        return { milliseconds: performance.now() - began, loss: loss?.[0] ?? Number.NaN };
      },
      async peak() {
        const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(await readFile("/proc/self/status", "utf8")) ?? [];
        return { peakMb: Number(kilobytes) / 1024 };
      },
    },
  );
  engine.dispose();
}

/** Forward pass, mean squared distance to a fixed vector, gradients, AdamW. */
function makeStep(engine: Engine, tower: TrainedTower, names: readonly string[], batch: number) {
  const wanted = new Set(names);
  const specs = visionSpecs(VIT_L_14).filter(({ name }) => wanted.has(name));
  const variables = Object.fromEntries(
    specs.map(({ name, shape }) => [name, engine.variable(valuesOf(name, shape), shape, { name })]),
  );
  const zeros = (shape: number[]) =>
    engine.variable(new Float32Array(tf.util.sizeFromShape(shape)), shape, { trainable: false });
  const slots = specs.map(({ shape }) => ({ m: zeros(shape), v: zeros(shape) }));
  const trained = Object.values(variables);
  return engine.jit(
    (input, hyper) => {
      const target = tf.fill([batch, VIT_L_14.projection], VIT_L_14.projection ** -0.5);
      const { value, grads } = tf.valueAndGrads(() =>
        tf.mean(tf.square(tf.sub(tower.embed(variables, input as tf.Tensor), target))),
      )(trained);
      for (const [index, variable] of trained.entries())
        applyAdamW(variable, slots[index] as (typeof slots)[number], grads[index] as tf.Tensor, hyper as tf.Tensor);
      return [value];
    },
    { shape: [batch, ...tower.inputShape] },
    { shape: [4] },
  );
}

/** Random values of the size that a trained tower has; gains are 1. */
function valuesOf(name: string, shape: number[]): Float32Array {
  const source = random(0, "bench", name);
  const size = tf.util.sizeFromShape(shape);
  if (/norm\d?\.weight$/.test(name)) return new Float32Array(size).fill(1);
  if (shape.length === 1) return new Float32Array(size);
  const bound = ((shape[1] ?? 1) * (shape[2] ?? 1) * (shape[3] ?? 1)) ** -0.5;
  return Float32Array.from({ length: size }, () => (2 * source.uniform() - 1) * bound);
}

main(...(process.argv.slice(2) as [string, string])).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
