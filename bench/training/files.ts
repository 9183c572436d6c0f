import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TrainingData } from "../../lib/features";
import { AUXILIARY_HEADS, type ThumbnailRankingModel, writeSafetensors } from "../../lib/model";
import type { Batch } from "../../lib/training/batches";

/** Writes what bench/torch/world.py reads: tables, first weights, and the watched rows of validation. */
export async function writeWorld(folder: string, data: TrainingData, model: ThumbnailRankingModel): Promise<void> {
  const write = (name: string, content: string | NodeJS.ArrayBufferView) => writeFile(join(folder, name), content);
  const { winners, losers } = data.pairs.validation;
  await write("world.json", JSON.stringify({ width: model.inputDim, heads: AUXILIARY_HEADS }));
  await write("features.f32", data.features);
  await write("ctr.f32", data.ctrTargets);
  await write("auxiliary.f32", data.auxiliaryTargets);
  await write("weights.safetensors", writeSafetensors(model.weights));
  await write("validation-winners.i32", winners);
  await write("validation-losers.i32", losers);
}

/** Writes batches, all of one size, one after the other. */
export async function writeBatches(folder: string, size: number, batches: readonly Batch[]): Promise<void> {
  const all = batches.filter((batch) => batch.size === size);
  const write = (name: string, content: NodeJS.ArrayBufferView) => writeFile(join(folder, name), content);
  await write(
    `rows-${size}.i32`,
    joined(all, (batch) => batch.rows),
  );
  await write(
    `partners-${size}.i32`,
    joined(all, (batch) => batch.partners),
  );
  await write(`weights-${size}.f32`, Float32Array.from(all.flatMap(({ pairWeights }) => [...pairWeights])));
  await write(
    `lambdas-${size}.f32`,
    Float32Array.from(all, ({ lambda }) => lambda),
  );
}

function joined(batches: readonly Batch[], part: (batch: Batch) => Int32Array): Int32Array {
  return Int32Array.from(batches.flatMap((batch) => [...part(batch)]));
}
