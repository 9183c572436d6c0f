import { type FileHandle, open, readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../files";
import type { EpochRecord, TrainingResult } from "../../training";
import { type BoardEvent, encodeEvent, tfRecord } from "./event";
import { toScalars } from "./scalars";

const NAME = /^events\.out\.tfevents\.(\d{10})\./;

/** Writes a run's scalars and texts as a TensorBoard event file, so that `tensorboard --logdir runs/` shows them. */
export class TensorBoardWriter {
  #lastEpoch = 0;

  private constructor(
    private readonly file: FileHandle,
    private readonly nowMs: () => number,
  ) {}

  /**
   * Opens a new event file in the run's folder.
   * @param folder such as `runs/first`
   * @param firstStep the first step this session writes; TensorBoard stops showing what earlier files hold from there
   *   on
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

  /** Writes an epoch's losses and metrics at its number. */
  async epoch(record: EpochRecord): Promise<void> {
    this.#lastEpoch = record.epoch;
    await this.scalars(record.epoch, toScalars(record));
  }

  /** @param scalars values by tag, such as `{ "loss/pair": 0.2453 }` */
  async scalars(step: number, scalars: Record<string, number>): Promise<void> {
    await appendEvents(this.file, [{ kind: "scalars", wallTime: this.seconds(), step, scalars }]);
  }

  /** Writes a Markdown text, such as the run's configuration. */
  async text(step: number, tag: string, text: string): Promise<void> {
    await appendEvents(this.file, [{ kind: "text", wallTime: this.seconds(), step, tag, text }]);
  }

  /** Writes a run's settings for the HPARAMS tab, where each run is a row of its own. */
  async hyperparameters(run: string, values: Record<string, unknown>): Promise<void> {
    await appendEvents(this.file, [{ kind: "hyperparameters", wallTime: this.seconds(), step: 0, run, values }]);
  }

  /**
   * Writes the validation metrics of the trained weights as `final/val_auc` and `final/val_corr`, and that the run is
   * finished. Test metrics stay out: the HPARAMS tab is where settings are chosen.
   */
  async finished({ plain, swa }: TrainingResult): Promise<void> {
    const { valAuc, valCorr } = swa ?? plain;
    const scalars = {
      ...(valAuc !== null && { "final/val_auc": valAuc }),
      ...(valCorr !== null && { "final/val_corr": valCorr }),
    };
    const wallTime = this.seconds();
    await appendEvents(this.file, [
      { kind: "scalars", wallTime, step: this.#lastEpoch, scalars },
      { kind: "finished", wallTime, step: this.#lastEpoch },
    ]);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private seconds(): number {
    return this.nowMs() / 1000;
  }
}

/**
 * Opens a new event file in a run's folder. TensorBoard reads a run's files in the order of their names, so the
 * timestamp in the name, in seconds, is later than that of any existing file.
 * @param nowMs time of day, milliseconds since 1970
 */
async function openBoardFile(folder: string, nowMs: number): Promise<FileHandle> {
  await makeFolder(folder);
  const seconds = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  const second = Math.max(Math.floor(nowMs / 1000), ...seconds.map((before) => before + 1));
  const name = `events.out.tfevents.${String(second).padStart(10, "0")}.${hostname()}.${process.pid}.0`;
  return open(join(folder, name), "ax");
}

/** Appends events, each framed as a record, in one write. */
async function appendEvents(file: FileHandle, events: BoardEvent[]): Promise<void> {
  await file.appendFile(Buffer.concat(events.map((event) => tfRecord(encodeEvent(event)))));
}
