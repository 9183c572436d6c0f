import { Command } from "commander";
import type { ImportReport } from "../dataset";
import { finish } from "../progress";
import { answer, type CommonFlags, common, say, withStore } from "./context";
import { progressBar } from "./progress";

const SHOWN_REFUSALS = 20;

interface ImportFlags extends CommonFlags {
  thumbnails: string;
  strict?: boolean;
}

export function importCommand(): Command {
  return common(
    new Command("import")
      .description("import videos from a CSV or Parquet table and their thumbnails from a folder")
      .argument("<table>", "columns video_id, channel_id, title, published_at, views, collected_at and optional others")
      .requiredOption("--thumbnails <folder>", "folder of <video_id>.jpg (.jpeg, .png, .webp)")
      .option("--strict", "import nothing if any row is refused"),
  )
    .addHelpText("after", IMPORT_HELP)
    .action(async (file: string, flags: ImportFlags) => {
      const { importTable } = await import("../dataset");
      const { thumbnails, strict = false } = flags;
      const report = await withStore(flags, (store, paths) =>
        finish(importTable({ file, thumbnails, strict, store, paths }), progressBar()),
      );
      showRefusals(report);
      answer(flags, report, importLine(report));
    });
}

const IMPORT_HELP = `
Optional columns: channel_title, duration (seconds or ISO 8601), likes, comments, subscribers, language, niche,
thumbnail (path below the folder), true_ctr (0-1, from the owner's Reporting API).
Bad rows are refused one by one with line and reason, the others imported. Importing twice changes nothing.`;

/** One line that sums an import up. */
export function importLine(report: ImportReport): string {
  const { read, inserted, updated, unchanged, refused, repeated } = report;
  const counts = { inserted, updated, unchanged, repeated, refused: refused.length };
  return `${read} rows: ${Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ")}`;
}

function showRefusals({ refused }: ImportReport): void {
  for (const { line, code, reason } of refused.slice(0, SHOWN_REFUSALS)) say(`line ${line}: ${reason} [${code}]`);
  if (refused.length > SHOWN_REFUSALS)
    say(`... and ${refused.length - SHOWN_REFUSALS} more refused rows (--json lists all)`);
}
