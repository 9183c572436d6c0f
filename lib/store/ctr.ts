import { batches, bySkipping, collect } from "./batches";
import type { Database } from "./database";

/** A daily report from the owner's Reporting API. */
export interface CtrReport {
  reportId: string;
  jobId: string;
  startTime: Date;
  endTime: Date;
  /** If a job has two reports for one day, the one created later counts. */
  createTime: Date;
  /** Such as "channel_basic_a3"; omitted for reports of impressions. */
  reportType?: string;
}

/** Engaged views of one video on one day. */
export interface EngagedRow {
  /** In California, such as "2026-11-28". */
  day: string;
  videoId: string;
  engaged: number;
}

/** Impressions of one video on one day. */
export interface CtrRow {
  /** As in the report, such as "2026-11-28". */
  day: string;
  channelId: string;
  videoId: string;
  impressions: number;
  /** Share of impressions that were clicked, 0-1. */
  ctr: number;
}

/** Result of `applyCtr`: counts of the videos in the reports. */
export interface AppliedCtr {
  /** Videos that have a true CTR now. */
  videos: number;
  /** Stored videos with too few impressions. */
  few: number;
  /** Videos that are not in the store. */
  unknown: number;
}

/** What the reports cover. */
export interface CtrCoverage {
  reports: number;
  /** First and last day, such as "2026-11-28"; null if the reports have no rows. */
  firstDay: string | null;
  lastDay: string | null;
  /** Videos in the reports, and stored videos whose true CTR comes from them. */
  videos: number;
  rated: number;
}

/** True click-through rates for the channels that the user owns. */
export interface CtrReports {
  /** Reports that are stored completely, oldest first. */
  storedCtrReports(): Promise<CtrReport[]>;
  /** Stores a report's rows; the report counts as stored once all rows are. Storing it again changes nothing. */
  saveCtrReport(report: CtrReport, rows: Iterable<CtrRow> | AsyncIterable<CtrRow>): Promise<void>;
  /** The same for a report of engaged views, which are readings in a unit of their own (docs/LABELS.md). */
  saveEngagedReport(report: CtrReport, rows: Iterable<EngagedRow> | AsyncIterable<EngagedRow>): Promise<void>;
  /** Sets each video's true CTR, the impression-weighted mean over days, if it has at least `minImpressions`. */
  applyCtr(minImpressions: number): Promise<AppliedCtr>;
  ctrCoverage(): Promise<CtrCoverage>;
  /** Deletes the reports and the rates that they set; keeps imported rates. */
  forgetCtr(): Promise<void>;
}

const BATCH_SIZE = 2000;

interface ReportRow {
  report_id: string;
  job_id: string;
  report_type: string | null;
  start_time: Date | string;
  end_time: Date | string;
  create_time: Date | string;
}

interface CoverageRow {
  reports: number;
  first_day: string | null;
  last_day: string | null;
  videos: number;
  rated: number;
}

/** Implements CTR reports on a database. */
export function createCtrReports(database: Database): CtrReports {
  return {
    async storedCtrReports() {
      const size = database.pageRows;
      const read = (skipped: number) => database.call<ReportRow>("stored_ctr_reports", { skipped, size });
      return (await collect(bySkipping(read))).map(toReport);
    },
    async saveCtrReport(report, rows) {
      const made = { report: report.reportId, made_at: report.createTime };
      for await (const batch of batches(rows, BATCH_SIZE, ({ videoId, day }) => `${videoId} ${day}`)) {
        await database.call("save_ctr_rows", { ...made, batch: batch.map(toCtrRow) });
      }
      await database.call("finish_ctr_report", { report: toReportRow(report) });
    },
    async saveEngagedReport(report, rows) {
      const made = { report: report.reportId, made_at: report.createTime };
      for await (const batch of batches(rows, BATCH_SIZE, ({ videoId, day }) => `${videoId} ${day}`)) {
        await database.call("save_engaged_rows", { ...made, batch: batch.map(toEngagedRow) });
      }
      await database.call("finish_ctr_report", { report: toReportRow(report) });
    },
    async applyCtr(minImpressions) {
      const [row] = await database.call<AppliedCtr>("apply_ctr", { min_impressions: minImpressions });
      return row ?? { videos: 0, few: 0, unknown: 0 };
    },
    async ctrCoverage() {
      const [row] = await database.call<CoverageRow>("ctr_coverage");
      const { first_day = null, last_day = null, ...counts } = row ?? { reports: 0, videos: 0, rated: 0 };
      return { ...counts, firstDay: first_day, lastDay: last_day };
    },
    async forgetCtr() {
      await database.call("forget_ctr");
    },
  };
}

const toCtrRow = ({ channelId, videoId, ...row }: CtrRow) => ({ channel_id: channelId, video_id: videoId, ...row });

const toEngagedRow = ({ videoId, ...row }: EngagedRow) => ({ video_id: videoId, ...row });

const toReportRow = (report: CtrReport) => ({
  report_id: report.reportId,
  job_id: report.jobId,
  report_type: report.reportType ?? null,
  start_time: report.startTime,
  end_time: report.endTime,
  create_time: report.createTime,
});

const toReport = (row: ReportRow): CtrReport => ({
  reportId: row.report_id,
  jobId: row.job_id,
  ...(row.report_type === null ? {} : { reportType: row.report_type }),
  startTime: new Date(row.start_time),
  endTime: new Date(row.end_time),
  createTime: new Date(row.create_time),
});
