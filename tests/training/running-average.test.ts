import { afterAll, describe, expect, test } from "vitest";
import type { Engine } from "../../lib/engine";
import { ThumbnailRankingModel } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import { average, type WeightAverage } from "../../lib/training/finish";
import { BACKENDS, engineOf, named } from "./engines";
import { planted } from "./planted";

const data = planted();

function pipelineOf(engine: Engine): TrainingPipeline {
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 0 });
  return new TrainingPipeline({ model, engine, data, learningRate: 1e-2, swaStart: 1 });
}

for (const backend of BACKENDS) {
  const engine = await engineOf(backend);
  afterAll(() => engine?.dispose());

  describe.skipIf(engine === null)(`on ${named(backend)}`, () => {
    test("the average is that of JavaScript, byte by byte, also across a resume", async () => {
      let naive: WeightAverage = { count: 0, weights: {} };
      const pipeline = pipelineOf(engine as Engine);
      for (let numEpochs = 1; numEpochs <= 5; numEpochs++) {
        for await (const _ of pipeline.train({ numEpochs }));
        const state = await pipeline.state();
        const taken = Object.entries(state.tensors.weights).filter(([name]) => !/running/.test(name));
        if (numEpochs > 1) naive = average(naive, Object.fromEntries(taken));
        expect(state.tensors.swa).toEqual(naive.weights);
        pipeline.restore(state);
      }
      expect(naive.count).toBe(4);
      pipeline.dispose();
    });
  });
}
