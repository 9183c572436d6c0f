import { join } from "node:path";
import { z } from "zod";
import { readPlain, writeAtomically } from "../../files";
import type { EpochRecord } from "../../training";
import { Epoch } from "../checkpoint/progress";

/** Name of a run's history file. */
export const HISTORY = "training_history.json";

/** `training_history.json`: a JSON array with one record per epoch, rewritten completely after each. */
export class TrainingHistory {
  private constructor(
    private readonly path: string,
    private readonly records: EpochRecord[],
  ) {}

  /**
   * Starts the file with the records of a checkpoint, so that a resumed run's file has no epoch twice and none of those
   * that are repeated.
   * @param soFar `progress.history` of the checkpoint; empty for a new run
   */
  static async open(path: string, soFar: readonly EpochRecord[] = []): Promise<TrainingHistory> {
    const history = new TrainingHistory(path, [...soFar]);
    await history.write();
    return history;
  }

  /** Adds an epoch; replaces existing records of it and of later epochs. */
  async epoch(record: EpochRecord): Promise<void> {
    const firstAnew = this.records.findIndex(({ epoch }) => epoch >= record.epoch);
    if (firstAnew >= 0) this.records.length = firstAnew;
    this.records.push(record);
    await this.write();
  }

  /** Nothing is open between epochs. */
  async close(): Promise<void> {}

  private async write(): Promise<void> {
    const lines = this.records.map((record) => `  ${JSON.stringify(record)}`);
    await writeAtomically(this.path, lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`);
  }
}

/** Reads the history in a run's folder, such as `runs/first`; null if there is none, or a damaged one. */
export async function readHistory(folder: string): Promise<EpochRecord[] | null> {
  try {
    return z.array(Epoch).parse(JSON.parse(String(await readPlain(join(folder, HISTORY)))));
  } catch {
    return null;
  }
}

/**
 * The guide's console line: `Epoch  10: Pair Loss=0.1823, CTR Loss=0.0189, Val AUC=0.6012, Val Corr=0.2567`.
 * A metric reads `n/a` if the validation fold is too small for it.
 */
export function guideLine({ epoch, pair, ctr, valAuc, valCorr }: EpochRecord): string {
  const show = (value: number | null) => value?.toFixed(4) ?? "n/a";
  const losses = `Pair Loss=${show(pair)}, CTR Loss=${show(ctr)}`;
  return `Epoch ${String(epoch).padStart(3)}: ${losses}, Val AUC=${show(valAuc)}, Val Corr=${show(valCorr)}`;
}

/** Whether the guide's log has a line for an epoch: every 10 epochs, and the last. */
export function isGuideEpoch({ epoch }: EpochRecord, epochs: number): boolean {
  return epoch % 10 === 0 || epoch === epochs - 1;
}
