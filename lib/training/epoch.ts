import type { TrainingData } from "../features";
import type { Position, TrainingSetting } from "./position";
import { type EpochRecord, meansOf, NO_SUMS } from "./records";
import { validate, type Watched } from "./validate";

/** Ends an epoch whose steps are done: SWA, validation, its record. */
export async function endEpoch(
  setting: TrainingSetting,
  data: TrainingData,
  watched: Watched,
  position: Position,
): Promise<{ position: Position; record: EpochRecord }> {
  const { epoch, sums, history } = position;
  const swaCount = await averageAfter(setting, position);
  const metrics = await validate(watched, data);
  const { learningRate } = setting.options;
  const record: EpochRecord = {
    kind: "epoch",
    epoch,
    learningRate,
    swaCount,
    ...metrics,
    ...meansOf(sums),
  };
  const next = { epoch: epoch + 1, step: 0, sums: NO_SUMS, swaCount, history: [...history, record] };
  return { position: { ...position, ...next }, record };
}

/** Takes the weights into the average from `swaStart` on; returns how many epochs are then in it. */
async function averageAfter({ options, swa }: TrainingSetting, { epoch, swaCount }: Position): Promise<number> {
  if (!options.useSwa || epoch < options.swaStart) return swaCount;
  await swa.take(swaCount);
  return swaCount + 1;
}
