import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadModel, openEncoders, type RankedImage, rank } from "../../lib/deployment";
import { openEngine } from "../../lib/engine";
import { evaluate, toJson } from "../../lib/evaluation";
import { ThumbnailRankingModel, type Weights } from "../../lib/model";
import { predictRun, readTrained, TrainingPipeline, trainRun } from "../../lib/runs";
import { ofWeights } from "../training/digest";
import { planted } from "../training/planted";

/** What an earlier commit left: see make.mjs. */
const OLD = join(__dirname, "runs");
const PICTURES = join(__dirname, "..", "golden", "embedding", "pictures");
/** The engine's last digits differ between kinds of CPUs. */
const DIGITS = 6;

const folder = mkdtempSync(join(tmpdir(), "thumbrank-old-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jsonOf = (name: string): unknown => JSON.parse(readFileSync(join(OLD, name), "utf8"));

/** A value whose numbers match within some digits. */
function near(value: unknown, digits = DIGITS): unknown {
  if (typeof value === "number") return expect.closeTo(value, digits);
  if (Array.isArray(value)) return value.map((each) => near(each, digits));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, near(each, digits)]));
}

/** Trains as the old runs were trained; with `resume` from the checkpoint that lies there. */
async function train(name: string, resume: boolean): Promise<{ weights: Weights; steps: number }> {
  const engine = await openEngine();
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 2 });
  const options = { seed: 2, learningRate: 1e-2, swaStart: 2, ctrTarget: "channel" } as const; // all that there was
  const pipeline = new TrainingPipeline({ model, engine, data: planted(), ...options });
  const home = join(folder, name);
  const paths = { checkpoints: home, models: home, runs: home };
  const run = { name: "run", paths, pipeline, numEpochs: 4, checkpointSteps: 3 };
  let steps = 0;
  for await (const { kind } of trainRun(resume ? { ...run, resume: "latest" } : run)) if (kind === "step") steps++;
  engine.dispose();
  return { weights: (await readTrained(join(home, "run"))).model.weights, steps };
}

test("a checkpoint of then is resumed to the weights of an uninterrupted run, of then and of today", async () => {
  cpSync(join(OLD, "interrupted"), join(folder, "interrupted"), { recursive: true });
  const resumed = await train("interrupted", true);
  const uninterrupted = await train("uninterrupted", false);
  expect(uninterrupted.steps - resumed.steps).toBe(17);
  const { model } = await readTrained(join(OLD, "whole"));
  // On a CPU of another kind last digits differ, and at this learning rate the difference grows from step to step.
  const isSameKind = ofWeights(uninterrupted.weights) === ofWeights(model.weights);
  if (isSameKind) expect(ofWeights(resumed.weights)).toEqual(ofWeights(model.weights));
  for (const { weights } of [resumed, uninterrupted])
    for (const [name, { values }] of Object.entries(model.weights))
      expect([name, ...(weights[name]?.values ?? [])]).toEqual([
        name,
        ...Array.from(values, (value) => near(value, 1)),
      ]);
});

test("a run of then is evaluated to the same figures", async () => {
  const { model } = await readTrained(join(OLD, "whole"));
  const data = planted();
  const { scores, ctr } = await predictRun({ model, data });
  const then = jsonOf("figures.json") as { scores: number[]; figures: { splits: Record<string, object> } };
  // Probabilities are calibrated in another way since.
  for (const split of Object.values(then.figures.splits)) Reflect.deleteProperty(split, "calibration");
  expect([...scores]).toEqual(near(then.scores));
  expect(toJson(evaluate({ data, scores, ctr, seed: 2 }))).toMatchObject(near(then.figures) as object);
});

test("a model exported then ranks the same pictures to the same scores", async () => {
  const model = await loadModel(join(OLD, "models", "first"));
  const encoders = await openEncoders(model.card);
  const then = jsonOf("ranking.json") as Pick<RankedImage, "image" | "score" | "percentile" | "subScores">[];
  const images = then.map(({ image }) => ({ image, source: join(PICTURES, image), title: `Title of ${image}` }));
  expect(then.length).toBe(readdirSync(PICTURES).length);
  expect((await rank({ model, encoders, images })).ranking).toMatchObject(near(then) as object[]);
  await model.close();
});
