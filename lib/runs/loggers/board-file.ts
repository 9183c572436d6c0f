import { type FileHandle, mkdir, open, readdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { type BoardEvent, encodeEvent } from "./event";
import { tfRecord } from "./tfrecord";

const NAME = /^events\.out\.tfevents\.(\d{10})\./;

/**
 * Opens a new event file in a run's folder. TensorBoard reads a run's files in the order of their names, so the name's
 * second is later than that of any file already there.
 * @param nowMs time of day, milliseconds since 1970
 */
export async function openBoardFile(folder: string, nowMs: number): Promise<FileHandle> {
  await mkdir(folder, { recursive: true });
  const seconds = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
  const second = Math.max(Math.floor(nowMs / 1000), ...seconds.map((before) => before + 1));
  const name = `events.out.tfevents.${String(second).padStart(10, "0")}.${hostname()}.${process.pid}.0`;
  return open(join(folder, name), "ax");
}

/** Appends events, each framed as a record, in one write. */
export async function appendEvents(file: FileHandle, events: BoardEvent[]): Promise<void> {
  await file.appendFile(Buffer.concat(events.map((event) => tfRecord(encodeEvent(event)))));
}
