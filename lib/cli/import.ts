import { z } from "zod";
import { finish, ThumbrankError } from "../base";
import { TableOptions } from "../config";
import type { ImportReport } from "../dataset";
import { defineCommand } from "./command";
import { answer, CommonSettings, say, withStore } from "./context";
import { Path } from "./fields";
import { progressBar } from "./progress";

const SHOWN_REFUSALS = 20;

const ImportSettings = z
  .strictObject({
    thumbnails: Path.nullable().meta({
      placeholder: "folder",
      description: "folder of <video_id>.jpg (.jpeg, .jpe, .jfif, .png, .webp); none imports no pictures",
    }),
    strict: z.boolean().default(false).meta({ description: "import nothing if any row is refused" }),
  })
  .meta({ title: "Import" });

export const importCommand = defineCommand({
  name: "import",
  group: "Data",
  summary: "import videos from a table (CSV, JSON or Parquet) and their thumbnails from a folder",
  operands: [
    {
      name: "<table>",
      description: "columns video_id, channel_id, title, published_at, views, collected_at and optional others",
    },
  ],
  settings: { work: ImportSettings, table: TableOptions, common: CommonSettings },
  examples: [
    "videos.csv --thumbnails thumbnails",
    "videos.tsv --thumbnails thumbnails --delimiter tab --map views=viewCount --map title=videoTitle",
  ],
  notes: `Optional columns: channel_title, duration (seconds, ISO 8601 or 4:13), likes, comments, subscribers, language, niche,
thumbnail (path below the folder), true_ctr (0-1, from the owner's Reporting API).
Tables of yt-dlp, YouTube Studio, YouTube Data Tools and Kaggle are recognised: docs/TABLES.md.
Bad rows are refused one by one with line and reason, the others imported. Importing twice changes nothing.`,
  async run({ work: { thumbnails, strict }, table, common }, [file = ""]) {
    const { importTable } = await import("../dataset");
    const report = await withStore(common, (store, paths) =>
      finish(importTable({ file, table, thumbnails, strict, store, paths, notify: say }), progressBar()),
    );
    showRefusals(report);
    answer(common, report, importLine(report));
    if (report.read > 0 && report.refusedRows === report.read) throw new NothingImported(file, report);
  },
});

/** No row of a table could be imported. */
export class NothingImported extends ThumbrankError {
  constructor(
    readonly file: string,
    { read, refused }: ImportReport,
  ) {
    const [first] = refused;
    super("IMPORT_NOTHING", {
      what: `${read === 1 ? "the only row" : `all ${read} rows`} of ${file} ${read === 1 ? "is" : "are"} refused, the first because: ${first?.reason}`,
      next: "correct the table, or say how it is to be read by --map, --set, --delimiter, --encoding or --thumbnails",
    });
  }
}

/** Summarises an import in one line. */
export function importLine(report: ImportReport): string {
  const { read, inserted, updated, unchanged, refusedRows, repeated } = report;
  const counts = { inserted, updated, unchanged, repeated, refused: refusedRows };
  return `${read} rows: ${Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ")}`;
}

function showRefusals({ refused, refusedRows }: ImportReport): void {
  for (const { line, file, code, reason } of refused.slice(0, SHOWN_REFUSALS)) {
    say(`${file === undefined ? "" : `${file}, `}line ${line}: ${reason} [${code}]`);
  }
  if (refusedRows > SHOWN_REFUSALS) {
    say(`... and ${refusedRows - SHOWN_REFUSALS} more refused rows (--json lists the first ${refused.length})`);
  }
}
