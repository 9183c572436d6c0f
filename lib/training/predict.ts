import type * as tf from "@tensorflow/tfjs";
import { at } from "../base";
import type { Compiled, Engine } from "../engine";
import type { Features } from "../features";
import { copyNumbers } from "../features";
import { AUXILIARY_HEADS, EVALUATION, type Predictions, type ThumbnailRankingModel } from "../model";
import { weightVariables } from "./variables";

/** Runs a model in evaluation mode on any number of rows. */
export interface Predictor {
  /**
   * @param features [n, inputDim], row-major, each half L2-normalised
   * @param rows the rows to predict; all if omitted
   */
  predict(features: Features, rows?: ArrayLike<number>): Promise<Predictions>;
  /** Frees the compiled pass and the weights in the engine. */
  dispose(): void;
}

/**
 * Moves a model's weights to the engine and compiles its evaluation pass.
 * @param chunkRows rows per run; a smaller last chunk is padded
 */
export function openPredictor(engine: Engine, model: ThumbnailRankingModel, chunkRows = 256): Predictor {
  const parameters = weightVariables(engine, model);
  const pass = (x: tf.Tensor) => {
    const { scores, ctr, auxiliary } = model.forward(parameters, x as tf.Tensor2D, EVALUATION);
    return [scores, ctr, auxiliary];
  };
  const compiled = engine.jit((x) => pass(x as tf.Tensor), { shape: [chunkRows, model.inputDim] });
  const predict = (features: Features, rows?: ArrayLike<number>) =>
    predictRows(compiled, { chunkRows, width: model.inputDim }, features, rows);
  const dispose = () => {
    compiled.dispose();
    for (const variable of Object.values(parameters)) variable.dispose();
  };
  return { predict, dispose };
}

async function predictRows(
  compiled: Compiled,
  { chunkRows, width }: { chunkRows: number; width: number },
  features: Features,
  rows: ArrayLike<number> = Array.from({ length: features.length / width }, (_, row) => row),
): Promise<Predictions> {
  const heads = AUXILIARY_HEADS.length;
  const scores = new Float32Array(rows.length);
  const ctr = scores.slice();
  const auxiliary = new Float32Array(rows.length * heads);
  for (let start = 0; start < rows.length; start += chunkRows) {
    const count = Math.min(chunkRows, rows.length - start);
    const results = await compiled(gatherChunk(features, width, rows, start, chunkRows));
    const [chunkScores, chunkCtr, chunkAuxiliary] = results as [Float32Array, Float32Array, Float32Array];
    scores.set(chunkScores.subarray(0, count), start);
    ctr.set(chunkCtr.subarray(0, count), start);
    auxiliary.set(chunkAuxiliary.subarray(0, count * heads), start * heads);
  }
  return { scores, ctr, auxiliary };
}

function gatherChunk(
  features: Features,
  width: number,
  rows: ArrayLike<number>,
  start: number,
  chunkRows: number,
): Float32Array {
  const chunk = new Float32Array(chunkRows * width);
  for (let place = 0; place < chunkRows && start + place < rows.length; place++) {
    const from = at(rows, start + place) * width;
    copyNumbers(features, from, chunk.subarray(place * width, (place + 1) * width));
  }
  return chunk;
}
