import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { AUXILIARY_HEADS, joined, splitWeights, ThumbnailRankingModel } from "../../lib/model";

const model = new ThumbnailRankingModel({ clipDim: 60, textDim: 40, hiddenDim: 64 }, { seed: 3 });
const { weights, layout, specs } = model;
const backwards = Object.fromEntries(Object.entries(weights).reverse());

test("joined weights come apart as they were, however a file orders them", () => {
  expect(splitWeights(layout, joined(layout, weights))).toEqual(weights);
  expect(joined(layout, backwards)).toEqual(joined(layout, weights));
});

test("each weight has its place in one variable, and the ones that are trained lie in others than the statistics", () => {
  const placed = layout.flatMap(({ sections }) => sections.flatMap(({ parts }) => parts.map(({ name }) => name)));
  expect(placed).toHaveLength(specs.length);
  expect(new Set(placed)).toEqual(new Set(specs.map(({ name }) => name)));
  for (const { name, trainable, sections } of layout)
    for (const { parts } of sections)
      for (const part of parts) expect(part.trainable, `${part.name} in ${name}`).toBe(trainable);
});

test("the guide's model is held in seven trained variables: its six large matrices, and all that is small", () => {
  const held = new ThumbnailRankingModel().layout.filter(({ trainable }) => trainable);
  const shapes = Object.fromEntries(held.map(({ name, shape }) => [name, shape]));
  expect(shapes).toEqual({
    "projection.weight": [512, 1152],
    "pairwise.0.weight": [256, 512],
    "pairwise.3.weight": [128, 256],
    "ctr.0.weight": [512, 512],
    "ctr.4.weight": [256, 512],
    "auxiliary.0.weight": [6 * 256, 512],
    small: [512 + 256 + 128 + 128 + 1 + 512 + 1024 + 256 + 512 + 256 + 1 + 6 * 256 + 6 * 256 + 6],
  });
});

test("what the forward pass takes has the values of the weights, the sub-scores' below each other in their order", async () => {
  await tf.setBackend("cpu");
  const held = Object.entries(joined(layout, weights));
  const tensors = held.map(([name, { values, shape }]) => [name, tf.tensor(values, shape)]);
  const parameters = Object.entries(model.parametersIn(Object.fromEntries(tensors)));
  const found = Object.fromEntries(parameters.map(([name, tensor]) => [name, [tensor.shape, [...tensor.dataSync()]]]));
  for (const { name, shape } of specs.filter(({ name }) => !name.startsWith("auxiliary")))
    expect(found[name], name).toEqual([shape, [...valuesOf(name)]]);
  for (const layer of ["0.weight", "0.bias", "3.weight", "3.bias"]) {
    const [rows = 0, ...others] = weights[`auxiliary.clarity.${layer}`]?.shape ?? [];
    const values = AUXILIARY_HEADS.flatMap((head) => [...valuesOf(`auxiliary.${head}.${layer}`)]);
    expect(found[`auxiliary.${layer}`], layer).toEqual([[6 * rows, ...others], values]);
  }
});

function valuesOf(name: string): Float32Array {
  return weights[name]?.values ?? new Float32Array();
}
