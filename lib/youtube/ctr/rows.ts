import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { parse } from "csv-parse";
import { z } from "zod";
import { messageOf } from "../../base";
import type { CtrRow, EngagedRow } from "../../store";
import { CtrReportUnreadable } from "./errors";

/** Empty for what was deleted since, and for what concerns the channel as a whole. */
const Id = z.string().regex(/^[A-Za-z0-9_-]{0,64}$/);
/** "20261128", in some reports "2026-11-28". */
const Day = z
  .string()
  .regex(/^\d{4}-?\d{2}-?\d{2}$/)
  .transform((date) => date.replace(/^(\d{4})-?(\d{2})-?(\d{2})$/, "$1-$2-$3"));
const Count = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);

const Reach = z.object({
  date: Day,
  channel_id: Id,
  video_id: Id,
  video_thumbnail_impressions: Count,
  /** Empty if there were no impressions. */
  video_thumbnail_impressions_ctr: z
    .string()
    .transform((text) => (text === "" ? null : Number(text)))
    .pipe(z.number().min(0).max(1).nullable()),
});

/** Each video has several rows: by country, subscription, live or not. */
const Activity = z.object({ date: Day, video_id: Id, engaged_views: Count });

/**
 * Reads the rows of a reach report's file; videos without impressions on that day, or without an id, are skipped.
 * @throws CtrReportUnreadable if a column is missing or a row is malformed, naming its line
 */
export async function* reachRows(reportId: string, file: string): AsyncGenerator<CtrRow> {
  for await (const { row, line } of records(reportId, file, Reach)) {
    const { date, channel_id, video_id, video_thumbnail_impressions: impressions, ...rest } = row;
    const ctr = rest.video_thumbnail_impressions_ctr;
    if (ctr === null && impressions > 0)
      throw new CtrReportUnreadable(reportId, `line ${line} has impressions and no CTR`);
    if (ctr === null || impressions === 0 || video_id === "" || channel_id === "") continue;
    yield { day: date, channelId: channel_id, videoId: video_id, impressions, ctr };
  }
}

/**
 * Reads the engaged views of each video of a user activity report's file, summed over its rows of a day.
 * @throws CtrReportUnreadable if a column is missing or a row is malformed, naming its line
 */
export async function* engagedRows(reportId: string, file: string): AsyncGenerator<EngagedRow> {
  const sums = new Map<string, EngagedRow>();
  for await (const { row } of records(reportId, file, Activity)) {
    const { date: day, video_id: videoId, engaged_views: engaged } = row;
    if (videoId === "") continue;
    const key = `${videoId} ${day}`;
    sums.set(key, { day, videoId, engaged: engaged + (sums.get(key)?.engaged ?? 0) });
  }
  yield* sums.values();
}

async function* records<Shape extends z.ZodObject>(
  reportId: string,
  file: string,
  shape: Shape,
): AsyncGenerator<{ row: z.output<Shape>; line: number }> {
  const columns = (header: string[]) => checked(reportId, header, Object.keys(shape.shape));
  const parser = parse({ columns, info: true, bom: true });
  pipeline(createReadStream(file), parser, () => {});
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: unknown; info: { lines: number } }>) {
      const parsed = shape.safeParse(record);
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        throw new CtrReportUnreadable(reportId, `line ${info.lines}, ${issue?.path.join(".")}: ${issue?.message}`);
      }
      yield { row: parsed.data, line: info.lines };
    }
  } catch (thrown) {
    throw thrown instanceof CtrReportUnreadable ? thrown : new CtrReportUnreadable(reportId, messageOf(thrown));
  }
}

function checked(reportId: string, header: string[], columns: string[]): string[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length === 0) return header;
  throw new CtrReportUnreadable(reportId, `it has no column ${missing.join(", ")}`);
}
