import { createHash } from "node:crypto";
import { type Weights, writeSafetensors } from "../../lib/model";
import type { EpochRecord, TrainingState } from "../../lib/training";

/** All that a training state holds, SHA-256 in place of tensors; what computed it, and how fast, is left out. */
export function digestOf({ tensors, progress }: TrainingState): Record<string, unknown> {
  const { sums, history, engine: _engine, ...rest } = progress;
  const { milliseconds: _, ...counted } = sums;
  return {
    weights: ofWeights(tensors.weights),
    adamM: ofWeights(tensors.adamM),
    adamV: ofWeights(tensors.adamV),
    swa: ofWeights(tensors.swa),
    progress: { ...rest, sums: counted, history: untimed(history) },
  };
}

/** SHA-256 of weights with their names and shapes. */
export function ofWeights(weights: Weights): string {
  return createHash("sha256").update(writeSafetensors(weights)).digest("hex");
}

function untimed(history: readonly EpochRecord[]) {
  return history.map(({ msPerStep: _ms, pairsPerSecond: _pairs, ...record }) => record);
}
