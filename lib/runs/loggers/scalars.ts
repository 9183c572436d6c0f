import type { EpochRecord } from "../../training";
import { LOSSES } from "../../training";

/**
 * An epoch's numbers by the tags that TensorBoard and Weights & Biases group them under; omits metrics without a value.
 */
export function toScalars(record: EpochRecord): Record<string, number> {
  const scalars = {
    ...Object.fromEntries(LOSSES.map(({ name }) => [`loss/${name}`, record[name]])),
    "loss/total": record.total,
    "val/auc": record.valAuc,
    "val/auc_by_channel": record.valAucByChannel,
    "val/corr": record.valCorr,
    "train/auc": record.trainAuc,
    "train/grad_norm": record.gradNorm,
    "train/learning_rate": record.learningRate,
    "train/swa_count": record.swaCount,
    "speed/ms_per_step": record.msPerStep,
    "speed/pairs_per_second": record.pairsPerSecond,
  };
  return Object.fromEntries(Object.entries(scalars).filter((entry): entry is [string, number] => entry[1] !== null));
}
