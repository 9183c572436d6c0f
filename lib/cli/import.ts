import { Command, InvalidArgumentError } from "commander";
import { configure } from "../config";
import type { ImportReport } from "../dataset";
import { TableOptions } from "../import-settings";
import { finish } from "../progress";
import { answer, type CommonFlags, common, say, withStore } from "./context";
import { progressBar } from "./progress";
import { addSettings, settingsFrom } from "./settings";

const SHOWN_REFUSALS = 20;

interface ImportFlags extends CommonFlags {
  thumbnails: string;
  strict?: boolean;
  map: Record<string, string>;
  set: Record<string, string>;
}

const Recognised = TableOptions.pick({ delimiter: true, encoding: true });

export function importCommand(): Command {
  const command = new Command("import")
    .description("import videos from a table (CSV, JSON or Parquet) and their thumbnails from a folder")
    .argument("<table>", "columns video_id, channel_id, title, published_at, views, collected_at and optional others")
    .requiredOption("--thumbnails <folder>", "folder of <video_id>.jpg (.jpeg, .jpe, .jfif, .png, .webp)")
    .option("--strict", "import nothing if any row is refused")
    .option("--map <ours=theirs>", `${TableOptions.shape.map.description} (repeatable)`, addPair, {})
    .option("--set <ours=value>", `${TableOptions.shape.set.description} (repeatable)`, addPair, {});
  return common(addSettings(command, Recognised))
    .addHelpText("after", IMPORT_HELP)
    .action(async (file: string, flags: ImportFlags) => {
      const { importTable } = await import("../dataset");
      const { thumbnails, strict = false, map, set } = flags;
      const recognised = settingsFrom({ ...flags }, Recognised);
      const table = configure(TableOptions, { ...recognised, map, set });
      const report = await withStore(flags, (store, paths) =>
        finish(importTable({ file, table, thumbnails, strict, store, paths, notify: say }), progressBar()),
      );
      showRefusals(report);
      answer(flags, report, importLine(report));
    });
}

const IMPORT_HELP = `
Optional columns: channel_title, duration (seconds, ISO 8601 or 4:13), likes, comments, subscribers, language, niche,
thumbnail (path below the folder), true_ctr (0-1, from the owner's Reporting API).
Tables of yt-dlp, YouTube Studio, YouTube Data Tools and Kaggle are recognised: docs/TABLES.md.
Bad rows are refused one by one with line and reason, the others imported. Importing twice changes nothing.`;

/** "views=viewCount" beside those given before. */
function addPair(text: string, pairs: Record<string, string>): Record<string, string> {
  const [name = "", ...value] = text.split("=");
  if (name.trim() === "" || value.join("=").trim() === "") throw new InvalidArgumentError("It reads NAME=VALUE.");
  return { ...pairs, [name.trim()]: value.join("=").trim() };
}

/** One line that sums an import up. */
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
