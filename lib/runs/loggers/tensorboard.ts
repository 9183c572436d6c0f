import type { FileHandle } from "node:fs/promises";
import type { EpochRecord } from "../../training";
import { appendEvents, openBoardFile } from "./board-file";
import { scalarsOf } from "./scalars";

/** Writes a run's scalars and texts as a TensorBoard event file, so that `tensorboard --logdir runs/` shows them. */
export class TensorBoardWriter {
  private constructor(
    private readonly file: FileHandle,
    private readonly nowMs: () => number,
  ) {}

  /**
   * Opens a new event file in the run's folder.
   * @param folder such as `runs/first`
   * @param firstStep the first step this session writes; what earlier files hold from it on is shown no more
   * @param nowMs the clock, milliseconds since 1970
   */
  static async open(folder: string, firstStep: number, nowMs: () => number = Date.now): Promise<TensorBoardWriter> {
    const writer = new TensorBoardWriter(await openBoardFile(folder, nowMs()), nowMs);
    await appendEvents(writer.file, [
      { kind: "version", wallTime: writer.seconds(), step: 0 },
      { kind: "start", wallTime: writer.seconds(), step: firstStep },
    ]);
    return writer;
  }

  /** An epoch's losses and metrics, under its number. */
  async epoch(record: EpochRecord): Promise<void> {
    await this.scalars(record.epoch, scalarsOf(record));
  }

  /** @param scalars values by tag, such as `{ "loss/pair": 0.2453 }` */
  async scalars(step: number, scalars: Record<string, number>): Promise<void> {
    await appendEvents(this.file, [{ kind: "scalars", wallTime: this.seconds(), step, scalars }]);
  }

  /** A Markdown text, such as the run's configuration. */
  async text(step: number, tag: string, text: string): Promise<void> {
    await appendEvents(this.file, [{ kind: "text", wallTime: this.seconds(), step, tag, text }]);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private seconds(): number {
    return this.nowMs() / 1000;
  }
}
