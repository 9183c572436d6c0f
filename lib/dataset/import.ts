import { realpath, stat } from "node:fs/promises";
import { type Progress, shortened } from "../base";
import { type Paths, TableOptions } from "../config";
import type { Store, UpsertCounts, Video } from "../store";
import { keepThumbnail, readThumbnail, ThumbnailRefused } from "../thumbnails";
import { mapConcurrently } from "./concurrent";
import { ThumbnailsFolderMissing } from "./errors";
import { ThumbnailFinder } from "./find";
import { ImportRefused, type Refusal, RowRefused } from "./refusal";
import { Repeats } from "./repeats";
import { type ParsedRow, parseRow } from "./row";
import { type RawRow, readRows } from "./table";

/** A table, its pictures, and where to store them. */
export interface ImportOptions {
  /** CSV, JSON (both also gzipped) or Parquet, or a folder of JSON files. */
  file: string;
  /** How the table is written and what its columns are called; detected if omitted. */
  table?: TableOptions;
  /**
   * Folder of `<video_id>.jpg` (.jpeg, .jpe, .jfif, .png, .webp); no picture outside of it is read. Null imports
   * no pictures: labels can be studied without them, but nothing can be trained.
   */
  thumbnails: string | null;
  store: Pick<Store, "upsertVideos">;
  paths: Pick<Paths, "thumbnails">;
  /** Import nothing if any row is refused. */
  strict?: boolean;
  /** Readings later than this are refused as impossible; defaults to the current time. */
  now?: Date;
  /** Called with what was detected about the table, before its first row is read. */
  notify?: (note: string) => void;
}

/** What an import did; read = inserted + updated + unchanged + repeated + refusedRows. */
export interface ImportReport extends UpsertCounts {
  read: number;
  /** Rows that are identical to an earlier row. */
  repeated: number;
  /** In order of lines; at most the first 10,000. */
  refused: Refusal[];
  refusedRows: number;
  /** Videos whose picture was written, and videos whose picture was already in the store. */
  picturesStored: number;
  picturesKnown: number;
}

/** What a row turned out to be: a video with its picture, a repetition of an earlier row, or refused. */
type Examined =
  // Whether the picture was in the store already; null if none was looked for.
  | { kind: "video"; video: Video; pictureKnown: boolean | null }
  | { kind: "repeat" }
  | { kind: "refused"; refusal: Refusal };

interface ExamineOptions {
  file: string;
  /** The thumbnail folder, as `realpath` gives it; null for none. */
  folder: string | null;
  /** Folder of the stored pictures. */
  stored: string;
  /** Whether to store new pictures, or only to check them. */
  write: boolean;
  /** Readings later than this are impossible. */
  now: Date;
  options: TableOptions;
  /** Called with what was detected about the table. */
  notify: (note: string) => void;
}

const BATCH_ROWS = 500;
const CONCURRENT_PICTURES = 4;

/** A row whose picture has not been examined yet. */
type Parsed = Examined | { kind: "row"; place: Place; row: ParsedRow };

/** Position of a row. */
type Place = Pick<Refusal, "line" | "file">;

const MAX_LISTED_REFUSALS = 10_000;
const NOTHING = {
  refusedRows: 0,
  read: 0,
  inserted: 0,
  updated: 0,
  unchanged: 0,
  repeated: 0,
  picturesStored: 0,
  picturesKnown: 0,
};

/**
 * Imports videos and their pictures. Bad rows are refused one by one; the others are imported. Rows counted in a
 * yielded progress are stored permanently, so running an interrupted import again completes it; running it once more
 * changes nothing. A video may appear in the table several times with different reading times: the store shows the
 * newest reading and keeps them all. Memory holds a batch of rows, a hash of every row and the first refusals.
 * @throws TableUnreadable, ColumnsMissing, ThumbnailsFolderMissing; ImportRefused if `strict` and any row is refused
 */
export async function* importTable(options: ImportOptions): AsyncGenerator<Progress, ImportReport> {
  const { file, store, paths, strict = false, now = new Date(), notify = () => {} } = options;
  const folder = options.thumbnails === null ? null : await resolveFolder(options.thumbnails);
  const table = { file, folder, stored: paths.thumbnails, now, options: options.table ?? TableOptions.parse({}) };
  if (strict) yield* requireAll({ ...table, notify });
  const report: ImportReport = { ...NOTHING, refused: [] };
  for await (const batch of examine({ ...table, write: true, notify: strict ? () => {} : notify })) {
    count(report, batch);
    const counts = await store.upsertVideos(batch.flatMap((row) => (row.kind === "video" ? row.video : [])));
    for (const outcome of ["inserted", "updated", "unchanged"] as const) report[outcome] += counts[outcome];
    yield { stage: "import rows", done: report.read };
  }
  return report;
}

async function* requireAll(table: Omit<ExamineOptions, "write">): AsyncGenerator<Progress, void> {
  const report: ImportReport = { ...NOTHING, refused: [] };
  for await (const batch of examine({ ...table, write: false })) {
    count(report, batch);
    yield { stage: "check rows", done: report.read };
  }
  if (report.refusedRows > 0) throw new ImportRefused(table.file, report.refused, report.refusedRows);
}

function count(report: ImportReport, batch: Examined[]): void {
  report.read += batch.length;
  for (const row of batch) {
    if (row.kind === "refused") {
      report.refusedRows++;
      if (report.refused.length < MAX_LISTED_REFUSALS) report.refused.push(row.refusal);
    }
    if (row.kind === "repeat") report.repeated++;
    if (row.kind === "video" && row.pictureKnown !== null)
      report[row.pictureKnown ? "picturesKnown" : "picturesStored"]++;
  }
}

async function resolveFolder(folder: string): Promise<string> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined || !(await stat(real)).isDirectory()) throw new ThumbnailsFolderMissing(folder);
  return real;
}

/** Reads a table in batches; parses each row, compares it with earlier rows and decodes its picture. */
async function* examine(options: ExamineOptions): AsyncGenerator<Examined[]> {
  const repeats = new Repeats();
  const finder = options.folder === null ? null : new ThumbnailFinder(options.folder);
  for await (const batch of batches(readRows(options.file, options.options, options.notify))) {
    // All rows are parsed before any picture is awaited, so that of two rows with one id the first in the table is
    // kept.
    const parsed = batch.map((raw) => parse(raw, repeats, options.now));
    yield await mapConcurrently(parsed, CONCURRENT_PICTURES, (step) => picture(step, finder, options));
  }
}

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

async function picture(
  parsed: Parsed,
  finder: ThumbnailFinder | null,
  { stored, write }: ExamineOptions,
): Promise<Examined> {
  if (parsed.kind !== "row") return parsed;
  const { video, thumbnail } = parsed.row;
  if (finder === null) return { kind: "video", video: { ...video, picture: null }, pictureKnown: null };
  try {
    const file = await finder.find(video.videoId, thumbnail);
    const { picture, known } = await keepThumbnail(await readThumbnail(file), file, stored, write);
    return { kind: "video", video: { ...video, picture }, pictureKnown: known };
  } catch (thrown) {
    return refused(parsed.place, video.videoId, thrown);
  }
}

/** @throws anything that is not about the row, such as a full disk */
function refused(place: Place, videoId: string | undefined, thrown: unknown): Examined {
  const known = videoId === undefined ? {} : { videoId: shortened(videoId, 80) };
  if (thrown instanceof ThumbnailRefused)
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
