import * as tf from "@tensorflow/tfjs";
import type { Compiled } from "../engine";
import { ctrHead, EVALUATION, pairwiseHead, sharedFeatures } from "../model";
import type { Predictions } from "./predict";
import type { StepSetting } from "./step";

/** Rows of one run: with 128 to 1024 a validation took equally long, and small ones lose less on a short rest. */
const CHUNK_ROWS = 256;

/** What the weights in training say, in evaluation mode, of rows of the features that the engine holds. */
export interface RowScorer {
  score(rows: Int32Array): Promise<Pick<Predictions, "scores" | "ctr">>;
  /** Frees the compiled pass. */
  dispose(): void;
}

/** Compiles the pass; only numbers of rows are fed to it. */
export function rowScorer(
  { engine, model, variables }: Pick<StepSetting, "engine" | "model" | "variables">,
  chunkRows = CHUNK_ROWS,
): RowScorer {
  const pass = (rows: tf.Tensor) => {
    const parameters = model.parametersIn(variables.parameters);
    const shared = sharedFeatures(parameters, tf.gather(variables.features, rows as tf.Tensor1D) as tf.Tensor2D);
    return [pairwiseHead(parameters, shared, EVALUATION), ctrHead(parameters, shared, EVALUATION)];
  };
  const compiled = engine.jit((rows) => pass(rows as tf.Tensor), { shape: [chunkRows], dtype: "int32" });
  return { score: (rows) => scoreChunks(compiled, rows, chunkRows), dispose: () => compiled.dispose() };
}

async function scoreChunks(
  compiled: Compiled,
  rows: Int32Array,
  chunkRows: number,
): Promise<Pick<Predictions, "scores" | "ctr">> {
  const scores = new Float32Array(rows.length);
  const ctr = new Float32Array(rows.length);
  const chunk = new Int32Array(chunkRows);
  for (let start = 0; start < rows.length; start += chunkRows) {
    const part = rows.subarray(start, start + chunkRows);
    chunk.set(part);
    const [chunkScores, chunkCtr] = (await compiled(chunk)) as [Float32Array, Float32Array];
    scores.set(chunkScores.subarray(0, part.length), start);
    ctr.set(chunkCtr.subarray(0, part.length), start);
  }
  return { scores, ctr };
}
