import type { EpochRecord } from "../../lib/training";

/** An epoch's record with plain numbers. */
export function epochRecord(epoch: number, changes: Partial<EpochRecord> = {}): EpochRecord {
  const losses = { pair: 0.2453, ctr: 0.0234, auxiliary: 0.03, total: 0.3 };
  const metrics = { valAuc: 0.5234, valAucByChannel: 0.5123, valCorr: 0.1234, trainAuc: 0.6 };
  const speed = { steps: 10, pairs: 160, swaCount: 0, msPerStep: 2, pairsPerSecond: 8000 };
  return { kind: "epoch", epoch, ...losses, ...metrics, gradNorm: 1, learningRate: 2e-5, ...speed, ...changes };
}
