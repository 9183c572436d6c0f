import { afterAll, expect, test } from "vitest";
import { ThumbnailRankingModel } from "../../lib/model";
import { openPredictor } from "../../lib/training";
import { rowScorer } from "../../lib/training/validate";
import { disposeVariables, trainingVariables, writeVariables } from "../../lib/training/variables";
import { BACKENDS, engineOf, named } from "./engines";
import { planted } from "./planted";

const data = planted({ perChannel: 3 });
const modelOf = (seed: number) => new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed });

for (const backend of BACKENDS) {
  const engine = await engineOf(backend);
  afterAll(() => engine?.dispose());

  test.skipIf(engine === null)(
    `rows of the trainer's table score as a predictor scores their features, with the weights of the moment, on ${named(backend)}`,
    async () => {
      if (engine === null) return;
      const first = modelOf(1);
      const second = modelOf(2);
      const variables = trainingVariables(engine, first, data);
      const scorer = rowScorer({ engine, model: first, variables }, 5);
      const rows = Int32Array.of(17, 3, 3, 0, 23, 8, 9);
      for (const model of [first, second]) {
        writeVariables({ engine, model }, variables.parameters, model.weights);
        const predictor = openPredictor(engine, model, 7);
        const { scores, ctr } = await scorer.score(rows);
        const expected = await predictor.predict(data.features, rows);
        expect(scores).toHaveLength(7);
        for (const [at, score] of scores.entries()) expect(score).toBeCloseTo(expected.scores[at] as number, 6);
        for (const [at, value] of ctr.entries()) expect(value).toBeCloseTo(expected.ctr[at] as number, 6);
        predictor.dispose();
      }
      expect((await scorer.score(rows.subarray(0, 0))).scores).toHaveLength(0);
      scorer.dispose();
      disposeVariables(variables);
    },
  );
}
