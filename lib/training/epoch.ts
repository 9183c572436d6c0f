import type { TrainingData } from "./data";
import type { Position } from "./position";
import type { EpochRecord } from "./records";
import type { StepSetting } from "./step";
import { meansOf, NO_SUMS } from "./sums";
import { averageAfter } from "./swa";
import { validate, type Watched } from "./validate";

/** Ends an epoch whose steps are done: SWA, validation, its record. */
export async function endEpoch(
  setting: StepSetting,
  data: TrainingData,
  watched: Watched,
  position: Position,
): Promise<{ position: Position; record: EpochRecord }> {
  const { epoch, sums, history } = position;
  const swa = await averageAfter(setting, epoch, position.swa);
  const metrics = await validate(watched, data);
  const { learningRate } = setting.options;
  const record: EpochRecord = {
    ...{ kind: "epoch", epoch, learningRate, swaCount: swa.count },
    ...metrics,
    ...meansOf(sums),
  };
  const next = { epoch: epoch + 1, step: 0, sums: NO_SUMS, swa, history: [...history, record] };
  return { position: { ...position, ...next }, record };
}
