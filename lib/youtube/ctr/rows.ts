import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { parse } from "csv-parse";
import { z } from "zod";
import { messageOf } from "../../base";
import type { CtrRow } from "../../store";
import { CtrReportUnreadable } from "./errors";

const COLUMNS = ["date", "channel_id", "video_id", "video_thumbnail_impressions", "video_thumbnail_impressions_ctr"];

const Id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const Row = z.object({
  /** "20261128", in some reports "2026-11-28". */
  date: z.string().regex(/^\d{4}-?\d{2}-?\d{2}$/),
  channel_id: Id,
  video_id: Id,
  video_thumbnail_impressions: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  /** Empty if there were no impressions. */
  video_thumbnail_impressions_ctr: z
    .string()
    .transform((text) => (text === "" ? null : Number(text)))
    .pipe(z.number().min(0).max(1).nullable()),
});

/**
 * Reads the rows of a report's file; videos without impressions on that day are skipped.
 * @throws CtrReportUnreadable if a column is missing or a row is malformed, naming its line
 */
export async function* reportRows(reportId: string, file: string): AsyncGenerator<CtrRow> {
  const parser = parse({ columns: (header: string[]) => checked(reportId, header), info: true, bom: true });
  pipeline(createReadStream(file), parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: unknown; info: { lines: number } }>) {
      const row = parseRow(reportId, record, info.lines);
      if (row !== null) yield row;
    }
  } catch (thrown) {
    throw thrown instanceof CtrReportUnreadable ? thrown : new CtrReportUnreadable(reportId, messageOf(thrown));
  }
}

function checked(reportId: string, header: string[]): string[] {
  const missing = COLUMNS.filter((column) => !header.includes(column));
  if (missing.length === 0) return header;
  throw new CtrReportUnreadable(reportId, `it has no column ${missing.join(", ")}`);
}

function parseRow(reportId: string, record: unknown, line: number): CtrRow | null {
  const parsed = Row.safeParse(record);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CtrReportUnreadable(reportId, `line ${line}, ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { date, channel_id, video_id, video_thumbnail_impressions: impressions, ...rest } = parsed.data;
  const ctr = rest.video_thumbnail_impressions_ctr;
  if (ctr === null && impressions > 0)
    throw new CtrReportUnreadable(reportId, `line ${line} has impressions and no CTR`);
  if (ctr === null || impressions === 0) return null;
  const digits = date.replaceAll("-", "");
  const day = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`;
  return { day, channelId: channel_id, videoId: video_id, impressions, ctr };
}
