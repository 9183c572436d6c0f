import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../base";
import type { Paths } from "../../config";
import { exists, lockFolder, makeFolder } from "../../files";
import type { AppliedCtr, CtrCoverage, CtrReport, CtrReports } from "../../store";
import type { ReportingApi } from "./api";
import { downloadReport } from "./download";
import { CtrReportUnreadable, CtrSyncRunning } from "./errors";
import { ACTIVITY, ensureJob, type ListedReport, REACH, reportsSince } from "./jobs";
import { engagedRows, reachRows } from "./rows";

/** How far before the newest stored report the list of reports starts, since clocks of several machines may differ. */
const OVERLAP_MS = 86_400_000;

export interface SyncOptions {
  api: ReportingApi;
  store: CtrReports;
  paths: Pick<Paths, "reports">;
  /** Fewest impressions for which a video's true CTR is set. */
  minImpressions: number;
  /** Whether to fetch reports of engaged views too. */
  engagedViews?: boolean;
}

/** What a sync did about the reports of one type. */
interface Fetched {
  /** When the job that makes the reports was created, and whether this sync created it. */
  jobSince: Date;
  jobCreated: boolean;
  /** Reports that this sync stored, and those that expired before they were downloaded. */
  stored: number;
  expired: number;
}

/** What a sync did. */
export interface SyncReport extends Fetched {
  /** Null if engaged views were not asked for. */
  engaged: Fetched | null;
  applied: AppliedCtr;
  coverage: CtrCoverage;
}

/**
 * Downloads the reports that are not stored yet, oldest first, stores their rows, and sets true CTRs. If it is stopped,
 * even by SIGKILL, the next call resumes where it stopped; calling it twice changes nothing.
 * @throws CtrSyncRunning, CtrReportUnreadable, and what `ask` throws
 */
export async function* syncCtr(options: SyncOptions): AsyncGenerator<Progress, SyncReport> {
  const { store, paths, minImpressions, engagedViews = false } = options;
  await makeFolder(paths.reports);
  const lock = await lockFolder(paths.reports, ({ folder, pid }) => new CtrSyncRunning(folder, pid));
  try {
    const reach = yield* fetchReports(options, REACH, (report, file) =>
      store.saveCtrReport(report, reachRows(report.reportId, file)),
    );
    const engaged = engagedViews ? yield* fetchEngaged(options) : null;
    await clear(paths.reports);
    const applied = await store.applyCtr(minImpressions);
    return { ...reach, engaged, applied, coverage: await store.ctrCoverage() };
  } finally {
    await lock.release();
  }
}

function fetchEngaged(options: SyncOptions): AsyncGenerator<Progress, Fetched> {
  return fetchReports(options, ACTIVITY, (report, file) =>
    options.store.saveEngagedReport({ ...report, reportType: ACTIVITY.id }, engagedRows(report.reportId, file)),
  );
}

/** Stores the rows of a report's file. */
type Save = (report: CtrReport, file: string) => Promise<void>;

/** Fetches the reports of a type that are not stored yet. */
async function* fetchReports(options: SyncOptions, type: typeof REACH, save: Save): AsyncGenerator<Progress, Fetched> {
  const { api, store } = options;
  const { job, created } = await ensureJob(api, type);
  const known = (await store.storedCtrReports()).filter(({ jobId }) => jobId === job.id);
  const newest = known.at(-1)?.createTime;
  const listed = await reportsSince(api, job, newest === undefined ? null : new Date(newest.getTime() - OVERLAP_MS));
  const ids = new Set(known.map(({ reportId }) => reportId));
  const wanted = listed.filter(({ reportId }) => !ids.has(reportId));
  let stored = 0;
  for (const [done, report] of wanted.entries()) {
    yield { stage: "fetch reports", done, total: wanted.length };
    if (await fetchReport(options, report, save)) stored++;
  }
  yield { stage: "fetch reports", done: wanted.length, total: wanted.length };
  return { jobSince: job.createTime, jobCreated: created, stored, expired: wanted.length - stored };
}

/** Downloads a report and stores its rows. @returns false if the report no longer exists */
async function fetchReport({ api, paths }: SyncOptions, report: ListedReport, save: Save): Promise<boolean> {
  const { reportId, downloadUrl: _, ...facts } = report;
  const file = join(paths.reports, `${reportId}.csv`);
  if (!(await exists(file))) {
    if (!(await downloadReport(api, report, `${file}.part`))) return false;
    await rename(`${file}.part`, file);
  }
  try {
    await save({ reportId, ...facts }, file);
  } catch (thrown) {
    if (thrown instanceof CtrReportUnreadable) await rm(file, { force: true });
    throw thrown;
  }
  return true;
}

/** Deletes files that killed syncs left of reports that are now stored or expired. */
async function clear(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => /\.csv(\.part)?$/.test(name));
  await Promise.all(left.map((name) => rm(join(folder, name), { force: true })));
}
