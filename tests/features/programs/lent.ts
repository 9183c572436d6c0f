import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { configure, TrainingOptions } from "../../../lib/config";
import { lendableArray, openEngine } from "../../../lib/engine";
import { ThumbnailRankingModel, writeSafetensors } from "../../../lib/model";
import { epochOrder, makeBatch } from "../../../lib/training/batches";
import { compileSteps, runSteps } from "../../../lib/training/step-runner";
import { disposeVariables, readVariables, trainingVariables } from "../../../lib/training/variables";
import { planted } from "../../training/planted";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** The world with its features in lendable memory, or in an ordinary array. */
function world(lendable: boolean) {
  const data = planted({ perChannel: 400 });
  if (!lendable) return data;
  const features = lendableArray(Float32Array, data.features.length);
  features.set(data.features);
  return { ...data, features };
}

/** Trains for 10 steps and prints the hash of the weights; "collected" lends the features and then lets go of them. */
async function main(mode: string): Promise<void> {
  const engine = await openEngine({ backend: "tensorflow", intraOpThreads: 1 });
  const model = new ThumbnailRankingModel({ clipDim: 12, textDim: 6, hiddenDim: 16 }, { seed: 0 });
  const options = configure(TrainingOptions, {});
  let data: ReturnType<typeof world> | null = world(mode === "collected");
  const pairs = data.pairs.train;
  const variables = trainingVariables(engine, model, data);
  data = null;
  const step = compileSteps({ engine, model, options, variables }, 16);
  const order = epochOrder(pairs.winners.length, 0, 0);
  for (let at = 0; at < 10; at++) {
    if (mode === "collected") {
      collectGarbage();
      await wait(1);
      lendableArray(Float32Array, 57_600).fill(at);
    }
    await runSteps(
      step,
      [makeBatch(pairs, order.subarray(16 * at, 16 * (at + 1)), options, at)],
      { options, variables },
      at,
    );
  }
  const weights = await readVariables({ engine, model }, variables.parameters);
  disposeVariables(variables);
  engine.dispose();
  process.stdout.write(createHash("sha256").update(writeSafetensors(weights)).digest("hex"));
}

void main(process.argv[2] ?? "");
