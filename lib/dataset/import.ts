import { realpath, stat } from "node:fs/promises";
import type { Progress } from "../base";
import type { Paths } from "../config";
import { TableOptions } from "../config";
import type { Store, UpsertCounts } from "../store";
import { ThumbnailsFolderMissing } from "./errors";
import { type Examined, type ExamineOptions, examine } from "./examine";
import { ImportRefused, type Refusal } from "./refusal";

/** A table, its pictures, and where they go. */
export interface ImportOptions {
  /** CSV, JSON (both also gzipped) or Parquet, or a folder of JSON files. */
  file: string;
  /** How the table is written and what its columns are called; recognised where it is left out. */
  table?: TableOptions;
  /** Folder of `<video_id>.jpg` (.jpeg, .jpe, .jfif, .png, .webp); no picture is read from outside of it. */
  thumbnails: string;
  store: Pick<Store, "upsertVideos">;
  paths: Pick<Paths, "thumbnails">;
  /** Import nothing if any row is refused. */
  strict?: boolean;
  /** Readings later than this are refused as impossible; the present where it is left out. */
  now?: Date;
  /** Told what was recognised of the table, before its first row is read. */
  notify?: (note: string) => void;
}

/** What an import did; read = inserted + updated + unchanged + repeated + the refused. */
export interface ImportReport extends UpsertCounts {
  read: number;
  /** Rows that say word for word what an earlier row says. */
  repeated: number;
  /** By line; of very many the first 10,000. */
  refused: Refusal[];
  refusedRows: number;
  /** Videos whose picture was written, and those whose picture was in the store before. */
  picturesStored: number;
  picturesKnown: number;
}

/**
 * Imports videos and their pictures. Bad rows are refused one by one and the others imported. What a yielded progress
 * counts is stored for good, so an import that was killed is completed by running it again; running it once more
 * changes nothing. A video may stand in the table several times, at different times: the newest reading is what the store
 * shows, and each is kept as a reading. Memory holds a batch of rows, a hash of every row and the first refusals.
 * @throws TableUnreadable, ColumnsMissing, ThumbnailsFolderMissing; ImportRefused when `strict` and any row is refused
 */
export async function* importTable(options: ImportOptions): AsyncGenerator<Progress, ImportReport> {
  const { file, store, paths, strict = false, now = new Date(), notify = () => {} } = options;
  const folder = await folderOf(options.thumbnails);
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
    if (row.kind === "video") report[row.pictureKnown ? "picturesKnown" : "picturesStored"]++;
  }
}

async function folderOf(folder: string): Promise<string> {
  const real = await realpath(folder).catch(() => undefined);
  if (real === undefined || !(await stat(real)).isDirectory()) throw new ThumbnailsFolderMissing(folder);
  return real;
}
