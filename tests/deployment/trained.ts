import { random } from "../../lib/base/random";
import { Config } from "../../lib/config";
import type { TrainedModel } from "../../lib/deployment";
import { openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { ThumbnailRankingModel, type Weights } from "../../lib/model";

/** Random weights everywhere, BatchNorm's statistics included, so that no layer is the identity. */
export function randomModel(clipDim: number, textDim: number, hiddenDim: number): ThumbnailRankingModel {
  const model = new ThumbnailRankingModel({ clipDim, textDim, hiddenDim }, { seed: 5 });
  const entries = Object.entries(model.weights).map(([name, { shape, values }]) => {
    const source = random("weights", name);
    const moved = name.includes("running_var")
      ? values.map(() => 0.2 + source.uniform())
      : values.map((value) => value + 0.05 * source.normal());
    return [name, { shape, values: moved }] as const;
  });
  const weights: Weights = Object.fromEntries(entries);
  return model.withWeights(weights);
}

/** Rows whose image and title halves have length 1, [rows, imageDim + textDim]. */
export function unitRows(rows: number, imageDim: number, textDim: number): Float32Array {
  const source = random("rows", rows);
  const half = (width: number) => {
    const values = Array.from({ length: width }, () => source.normal());
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  return Float32Array.from(Array.from({ length: rows }, () => [...half(imageDim), ...half(textDim)]).flat());
}

/** A model with the built-in encoders' widths, ready to export. */
export async function trainedModel(changes: Partial<TrainedModel> = {}): Promise<TrainedModel> {
  const image = await openImageEncoder("descriptor");
  const text = await openTextEncoder("title-hash");
  const identities = { image: image.identity, text: text.identity };
  const model = randomModel(identities.image.dimensions, identities.text.dimensions, 16);
  const config = Config.parse({ model: model.options });
  const auc = { value: 0.7, low: 0.6, high: 0.8 };
  return {
    name: "first",
    weights: model.weights,
    config,
    identities,
    calibration: { slope: 2, pairs: 100 },
    percentiles: { all: [-1, 0, 1], channels: { known: [0, 0.1] } },
    metrics: { test: { pairwiseAuc: auc } },
    dataHash: "d".repeat(64),
    trainingChannels: ["known"],
    ...changes,
  };
}
