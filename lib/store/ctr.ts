import type { Database } from "./database";

/** A daily report of the owner's Reporting API. */
export interface CtrReport {
  reportId: string;
  jobId: string;
  startTime: Date;
  endTime: Date;
  /** Of two reports of one day the one that was made later counts. */
  createTime: Date;
}

/** Impressions of one video on one day. */
export interface CtrRow {
  /** Such as "2026-11-28", as the report has it. */
  day: string;
  channelId: string;
  videoId: string;
  impressions: number;
  /** Share of impressions that were clicked, 0-1. */
  ctr: number;
}

/** True click-through rates of the channels that the user owns. */
export interface CtrReports {
  /** Ids of reports that are stored whole. */
  storedCtrReports(): Promise<Set<string>>;
  /** Stores a report's rows; the report counts as stored once all are. Storing it again changes nothing. */
  saveCtrReport(report: CtrReport, rows: Iterable<CtrRow> | AsyncIterable<CtrRow>): Promise<void>;
  /**
   * Sets the true CTR of each video: the mean over days weighted by impressions, where it had at least so many.
   * Returns how many videos have one now, and how many of the reports' videos are not in the store.
   */
  applyCtr(minImpressions: number): Promise<{ videos: number; unknown: number }>;
}

const BATCH_SIZE = 2000;

/** CTR reports in a database. */
export function ctrReportsOf(database: Database): CtrReports {
  return {
    async storedCtrReports() {
      const rows = await database.call<{ reports: string[] }>("stored_ctr_reports");
      return new Set(rows[0]?.reports ?? []);
    },
    async saveCtrReport(report, rows) {
      const made = report.createTime;
      let batch: CtrRow[] = [];
      for await (const row of rows) {
        batch.push(row);
        if (batch.length < BATCH_SIZE) continue;
        await saveRows(database, made, batch);
        batch = [];
      }
      await saveRows(database, made, batch);
      await database.call("finish_ctr_report", {
        report: {
          report_id: report.reportId,
          job_id: report.jobId,
          start_time: report.startTime,
          end_time: report.endTime,
          create_time: made,
        },
      });
    },
    async applyCtr(minImpressions) {
      const [row] = await database.call<{ videos: number; unknown: number }>("apply_ctr", {
        min_impressions: minImpressions,
      });
      return row ?? { videos: 0, unknown: 0 };
    },
  };
}

async function saveRows(database: Database, madeAt: Date, rows: CtrRow[]): Promise<void> {
  const batch = rows.map(({ channelId, videoId, ...row }) => ({
    channel_id: channelId,
    video_id: videoId,
    ...row,
  }));
  await database.call("save_ctr_rows", { made_at: madeAt, batch });
}
