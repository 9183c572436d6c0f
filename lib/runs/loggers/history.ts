import { writeWhole } from "../../files";
import type { EpochRecord } from "../../training";

/** `models/training_history.json`: a JSON array with one record an epoch, rewritten as a whole after each. */
export class TrainingHistory {
  private constructor(
    private readonly path: string,
    private readonly records: EpochRecord[],
  ) {}

  /**
   * Starts the file with the records a checkpoint holds, so that a resumed run's file has no epoch twice and none of
   * those that are done anew.
   * @param soFar `progress.history` of the checkpoint; empty for a new run
   */
  static async open(path: string, soFar: readonly EpochRecord[] = []): Promise<TrainingHistory> {
    const history = new TrainingHistory(path, [...soFar]);
    await history.write();
    return history;
  }

  /** Adds an epoch; one at or after it that is there already is replaced. */
  async append(record: EpochRecord): Promise<void> {
    const firstAnew = this.records.findIndex(({ epoch }) => epoch >= record.epoch);
    if (firstAnew >= 0) this.records.length = firstAnew;
    this.records.push(record);
    await this.write();
  }

  private async write(): Promise<void> {
    const lines = this.records.map((record) => `  ${JSON.stringify(record)}`);
    await writeWhole(this.path, lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`);
  }
}
