import { expect, test } from "vitest";
import { configure, TrainingOptions } from "../../lib/config";
import { LORA_DEFAULTS, loraSpecs, type VisionConfig, visionSpecs } from "../../lib/model";
import { divideIntoGroups, hyperparameters } from "../../lib/training/groups";

const CONFIG: VisionConfig = {
  imageSize: 16,
  patchSize: 4,
  width: 8,
  blocks: 3,
  heads: 2,
  inner: 16,
  projection: 4,
  activation: "quick_gelu",
  epsilon: 1e-5,
};
const options = configure(TrainingOptions, { learningRate: 1e-3, clipLearningRate: 8e-6, clipLayerDecay: 0.5 });

/** Rate and decay of a weight at a step, by its name. */
function ratesOf(weights: { name: string; shape: number[] }[], t: number, settings = options) {
  const { list, ofWeights } = divideIntoGroups(weights);
  const rows = hyperparameters(settings, list, t);
  return (name: string) => {
    const group = ofWeights[weights.findIndex((one) => one.name === name)] ?? Number.NaN;
    return [...rows.subarray(4 * group, 4 * group + 2)].map((value) => Number(value.toPrecision(5)));
  };
}

const HEADS = [
  { name: "projection.weight", shape: [8, 6] },
  { name: "small", shape: [12] },
];

test("heads alone are one group, fed with the numbers that there were before", () => {
  const { list, ofWeights } = divideIntoGroups(HEADS);
  expect([list, ofWeights]).toEqual([[{ kind: "heads", depth: 0, isDecayed: true }], [0, 0]]);
  expect(hyperparameters(options, list, 3)).toEqual(Float32Array.of(1e-3, 0.01, 0.9 ** 3, 0.999 ** 3));
});

test("a tower's rate halves with each layer from the top, and biases, gains and positions are not decayed", () => {
  const rates = ratesOf([...HEADS, ...visionSpecs(CONFIG)], 500);
  const layer = (block: number) => `vision_model.encoder.layers.${block}`;
  expect(rates("projection.weight")).toEqual([1e-3, 0.01]);
  expect(rates("small")).toEqual([1e-3, 0.01]);
  expect(rates("visual_projection.weight")).toEqual([8e-6, 0.01]);
  expect(rates("vision_model.post_layernorm.weight")).toEqual([8e-6, 0]);
  expect(rates(`${layer(2)}.mlp.fc1.weight`)).toEqual([4e-6, 0.01]);
  expect(rates(`${layer(2)}.mlp.fc1.bias`)).toEqual([4e-6, 0]);
  expect(rates(`${layer(1)}.self_attn.q_proj.weight`)).toEqual([2e-6, 0.01]);
  expect(rates(`${layer(0)}.layer_norm1.weight`)).toEqual([1e-6, 0]);
  expect(rates("vision_model.embeddings.patch_embedding.weight")).toEqual([5e-7, 0.01]);
  expect(rates("vision_model.embeddings.position_embedding.weight")).toEqual([5e-7, 0]);
  expect(rates("vision_model.embeddings.class_embedding")).toEqual([5e-7, 0]);
  expect(rates("vision_model.pre_layrnorm.weight")).toEqual([5e-7, 0]);
});

test("LoRA adapters have a rate of their own, without decay", () => {
  const rates = ratesOf([...HEADS, ...loraSpecs(CONFIG, LORA_DEFAULTS)], 1);
  for (const half of ["lora_A", "lora_B"])
    expect(rates(`vision_model.encoder.layers.0.self_attn.q_proj.${half}.weight`)).toEqual([1e-4, 0]);
  expect(rates("small")).toEqual([1e-3, 0.01]);
});

test("a tower's rate rises over the warm-up and then stays; the heads' does not", () => {
  const at = (t: number, clipWarmupSteps: number) =>
    ratesOf([...HEADS, ...visionSpecs(CONFIG)], t, { ...options, clipWarmupSteps });
  expect(at(1, 500)("visual_projection.weight")[0]).toBe(1.6e-8);
  expect(at(250, 500)("visual_projection.weight")[0]).toBe(4e-6);
  expect(at(5000, 500)("visual_projection.weight")[0]).toBe(8e-6);
  expect(at(1, 0)("visual_projection.weight")[0]).toBe(8e-6);
  expect(at(1, 500)("small")[0]).toBe(1e-3);
});
