import { expect, test } from "vitest";
import { TrainingOptions } from "../../lib/config";
import { interruptSignal, watchTraining } from "../../lib/notebook";
import type { RunEvent, RunResult } from "../../lib/runs";
import type { EpochRecord } from "../../lib/training";
import { inCell, textOf } from "./host";
import { printed } from "./printed";

const pipeline = {
  options: TrainingOptions.parse({ epochs: 12, swaStart: 6 }),
  stepsPerEpoch: 5,
  history: [] as EpochRecord[],
};
const LOSSES = { pair: 0.1, ctr: 0.02, auxiliary: 0.03, total: 0.15, gradNorm: 1, learningRate: 2e-5 };
const RESULT = { plain: { valAuc: 0.6, valCorr: 0.2 }, swa: null, trained: "runs/x" } as unknown as RunResult;

/** A run of that many steps and epochs, which obeys a signal as `trainRun` does. */
async function* run(put: { away: boolean }, signal?: AbortSignal): AsyncGenerator<RunEvent, RunResult | null> {
  pipeline.history.length = 0;
  try {
    yield { kind: "notice", message: "starting anew" };
    for (let epoch = 0; epoch < 12; epoch++) {
      for (let step = 0; step < 5; step++) {
        if (signal?.aborted) {
          yield { kind: "checkpoint", path: "checkpoints/x" };
          return null;
        }
        yield { kind: "step", epoch, step, stepsPerEpoch: 5, globalStep: 5 * epoch + step + 1, ...LOSSES };
      }
      const metrics = {
        valAuc: 0.5 + epoch / 100,
        valAucByChannel: null,
        valCorr: 0.2,
        trainAuc: 0.6,
        steps: 5,
        pairs: 80,
        swaCount: 0,
      };
      const record: EpochRecord = { kind: "epoch", epoch, ...LOSSES, ...metrics, msPerStep: 1, pairsPerSecond: 1 };
      pipeline.history.push(record);
      yield record;
    }
    return RESULT;
  } finally {
    put.away = true;
  }
}

test("a training shows its bar, the guide's lines and one figure, and gives its result", async () => {
  const put = { away: false };
  const seen: number[] = [];
  const onEpoch = ({ epoch }: { epoch: number }) => seen.push(epoch);
  let shown: Awaited<ReturnType<typeof inCell>> = [];
  const lines = await printed(async () => {
    shown = await inCell(async () => expect(await watchTraining(run(put), pipeline, { onEpoch })).toBe(RESULT));
  });
  expect(seen).toHaveLength(12);
  expect(lines.map((line) => line.slice(0, 10))).toEqual(["starting a", "Epoch   0:", "Epoch  10:", "Epoch  11:"]);
  const figures = shown.filter(({ bundle }) => "application/vnd.plotly.v1+json" in bundle);
  expect(new Set(figures.map(({ displayId }) => displayId)).size).toBe(1);
  expect(textOf(figures.at(-1)!)).toContain("AUC 12 points");
  expect(shown.map(textOf)).toContain("train: 60 done in 0 s");
});

test("where nobody looks on, the figure is drawn once, when it is whole", async () => {
  const shown = await inCell(() => printed(async () => void (await watchTraining(run({ away: false }), pipeline))), {
    headless: true,
  });
  expect(shown.map(textOf)).toEqual([expect.stringContaining("AUC 12 points")]);
});

test("an interrupt lets a run that was given the signal save its checkpoint, and ends one that was not", async () => {
  for (const obeys of [true, false]) {
    const put = { away: false };
    let steps = 0;
    const stopped = inCell((interrupt) =>
      printed(async () => {
        const training = run(put, obeys ? interruptSignal() : undefined);
        const counted = (async function* () {
          for (;;) {
            const { done, value } = await training.next();
            if (done) return value;
            if (value.kind === "step" && ++steps === 13) interrupt();
            yield value;
          }
        })();
        await watchTraining(counted, pipeline).finally(() => training.return(null));
      }),
    );
    const where = obeys ? expect.stringContaining("with a checkpoint") : "training, epoch 2, step 3";
    await expect(stopped).rejects.toMatchObject({ code: "NOTEBOOK_INTERRUPTED", where });
    expect(put.away).toBe(true);
    expect(steps).toBeLessThan(16);
  }
});
