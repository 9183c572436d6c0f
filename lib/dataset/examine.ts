import { shortened } from "../base";
import type { TableOptions } from "../config";
import type { Video } from "../store";
import { keepPicture, PictureRefused, readPicture } from "../thumbnails";
import { mapConcurrently } from "./concurrent";
import { PictureFinder } from "./find";
import { type Refusal, RowRefused } from "./refusal";
import { Repeats } from "./repeats";
import { type ParsedRow, parseRow } from "./row";
import { type RawRow, rowsOf } from "./table";

/** What a row turned out to be: a video with its picture, a repetition of an earlier row, or refused. */
export type Examined =
  | { kind: "video"; video: Video; pictureKnown: boolean }
  | { kind: "repeat" }
  | { kind: "refused"; refusal: Refusal };

export interface ExamineOptions {
  file: string;
  /** The thumbnail folder, as `realpath` gives it. */
  folder: string;
  /** Folder of the stored pictures. */
  stored: string;
  /** Whether to store pictures that are not there yet, or only to check them. */
  write: boolean;
  /** Readings later than this are impossible. */
  now: Date;
  options: TableOptions;
  /** Told what was recognised of the table. */
  notify: (note: string) => void;
}

const BATCH_ROWS = 500;
const CONCURRENT_PICTURES = 4;

/** Reads a table in batches: each row is parsed, compared with the rows before it, and its picture decoded. */
export async function* examine(options: ExamineOptions): AsyncGenerator<Examined[]> {
  const repeats = new Repeats();
  const finder = new PictureFinder(options.folder);
  for await (const batch of batches(rowsOf(options.file, options.options, options.notify))) {
    // All rows are parsed before a picture is awaited, so that of two with one id the first in the table counts.
    const parsed = batch.map((raw) => parse(raw, repeats, options.now));
    yield await mapConcurrently(parsed, CONCURRENT_PICTURES, (step) => picture(step, finder, options));
  }
}

/** A row whose picture is still to be looked at. */
type Parsed = Examined | { kind: "row"; place: Place; row: ParsedRow };

/** Where a row stands. */
type Place = Pick<Refusal, "line" | "file">;

function parse(raw: RawRow, repeats: Repeats, now: Date): Parsed {
  const { line, file } = raw;
  const place = file === undefined ? { line } : { line, file };
  if ("fault" in raw) return refused(place, undefined, new RowRefused(raw.fault.code, raw.fault.reason));
  try {
    const row = parseRow(raw.cells, now);
    return repeats.isRepeat(line, row) ? { kind: "repeat" } : { kind: "row", place, row };
  } catch (thrown) {
    return refused(place, raw.cells.video_id, thrown);
  }
}

async function picture(parsed: Parsed, finder: PictureFinder, { stored, write }: ExamineOptions): Promise<Examined> {
  if (parsed.kind !== "row") return parsed;
  const { video, thumbnail } = parsed.row;
  try {
    const file = await finder.find(video.videoId, thumbnail);
    const { picture, known } = await keepPicture(await readPicture(file), file, stored, write);
    return { kind: "video", video: { ...video, picture }, pictureKnown: known };
  } catch (thrown) {
    return refused(parsed.place, video.videoId, thrown);
  }
}

/** @throws whatever is not about the row, such as a full disk */
function refused(place: Place, videoId: string | undefined, thrown: unknown): Examined {
  const known = videoId === undefined ? {} : { videoId: shortened(videoId, 80) };
  if (thrown instanceof PictureRefused)
    return { kind: "refused", refusal: { ...place, ...known, code: thrown.code, reason: thrown.what } };
  if (!(thrown instanceof RowRefused)) throw thrown;
  return { kind: "refused", refusal: { ...place, ...known, code: thrown.refusalCode, reason: thrown.reason } };
}

async function* batches(rows: AsyncIterable<RawRow>): AsyncGenerator<RawRow[]> {
  let batch: RawRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
