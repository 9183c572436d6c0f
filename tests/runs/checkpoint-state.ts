import { Config } from "../../lib/config";
import type { Weights } from "../../lib/model";
import type { TrainingState } from "../../lib/training";

const config = Config.parse({});

/** A small state whose every value tells its step. */
export function stateAt(globalStep: number, size = 1000): TrainingState {
  const weights = (): Weights => ({
    "projection.weight": { shape: [size], values: new Float32Array(size).fill(globalStep) },
  });
  const epoch = Math.floor(globalStep / 10);
  const losses = { pair: 0.1 + globalStep, ctr: 1 / 3, auxiliary: 1e-17, total: 5 };
  return {
    tensors: { weights: weights(), adamM: weights(), adamV: weights(), swa: {} },
    progress: {
      epoch,
      step: globalStep % 10,
      globalStep,
      seed: 7,
      orderHash: "order",
      dataHash: "data",
      config: { model: config.model, training: config.training },
      swaCount: 0,
      sums: { pair: Math.PI, ctr: 0, auxiliary: 0, gradNorm: 0, pairs: 3, steps: 1, milliseconds: 1.5 },
      history: [
        {
          kind: "epoch",
          epoch: 0,
          ...losses,
          valAuc: null,
          valAucByChannel: null,
          valCorr: 0.1,
          trainAuc: 0.5,
          gradNorm: 1,
          learningRate: 2e-5,
          steps: 10,
          pairs: 160,
          swaCount: 0,
          msPerStep: 1,
          pairsPerSecond: 16000,
        },
      ],
    },
  };
}
