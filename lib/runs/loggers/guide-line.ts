import type { EpochRecord } from "../../training";

/**
 * The guide's console line: `Epoch  10: Pair Loss=0.1823, CTR Loss=0.0189, Val AUC=0.6012, Val Corr=0.2567`.
 * A metric that the validation fold is too small for reads `n/a`.
 */
export function guideLine({ epoch, pair, ctr, valAuc, valCorr }: EpochRecord): string {
  const show = (value: number | null) => value?.toFixed(4) ?? "n/a";
  const losses = `Pair Loss=${show(pair)}, CTR Loss=${show(ctr)}`;
  return `Epoch ${String(epoch).padStart(3)}: ${losses}, Val AUC=${show(valAuc)}, Val Corr=${show(valCorr)}`;
}

/** The guide's log has a line every 10 epochs, and one for the last. */
export function isGuideEpoch({ epoch }: EpochRecord, epochs: number): boolean {
  return epoch % 10 === 0 || epoch === epochs - 1;
}
