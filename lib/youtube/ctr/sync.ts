import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../base";
import type { Paths } from "../../config";
import { exists, lockFolder, makeFolder } from "../../files";
import type { AppliedCtr, CtrCoverage, CtrReports } from "../../store";
import type { ReportingApi } from "./api";
import { downloadReport } from "./download";
import { CtrReportUnreadable, CtrSyncRunning } from "./errors";
import { type ListedReport, reachJob, reportsSince } from "./jobs";
import { reportRows } from "./rows";

/** How far before the newest stored report the list of reports starts, since clocks of several machines may differ. */
const OVERLAP_MS = 86_400_000;

export interface SyncOptions {
  api: ReportingApi;
  store: CtrReports;
  paths: Pick<Paths, "reports">;
  /** Fewest impressions for which a video's true CTR is set. */
  minImpressions: number;
}

/** What a sync did. */
export interface SyncReport {
  /** When the job that makes the reports was created, and whether this sync created it. */
  jobSince: Date;
  jobCreated: boolean;
  /** Reports that this sync stored, and those that expired before they were downloaded. */
  stored: number;
  expired: number;
  applied: AppliedCtr;
  coverage: CtrCoverage;
}

/**
 * Downloads the reports that are not stored yet, oldest first, stores their rows, and sets true CTRs. If it is stopped,
 * even by SIGKILL, the next call resumes where it stopped; calling it twice changes nothing.
 * @throws CtrSyncRunning, CtrReportUnreadable, and what `ask` throws
 */
export async function* syncCtr(options: SyncOptions): AsyncGenerator<Progress, SyncReport> {
  const { api, store, paths, minImpressions } = options;
  await makeFolder(paths.reports);
  const lock = await lockFolder(paths.reports, ({ folder, pid }) => new CtrSyncRunning(folder, pid));
  try {
    const { job, created } = await reachJob(api);
    const known = await store.storedCtrReports();
    const newest = known.at(-1)?.createTime;
    const listed = await reportsSince(api, job, newest === undefined ? null : new Date(newest.getTime() - OVERLAP_MS));
    const ids = new Set(known.map(({ reportId }) => reportId));
    const wanted = listed.filter(({ reportId }) => !ids.has(reportId));
    const stored = yield* fetchReports(options, wanted);
    await clear(paths.reports);
    const applied = await store.applyCtr(minImpressions);
    const coverage = await store.ctrCoverage();
    const facts = { stored, expired: wanted.length - stored, applied, coverage };
    return { jobSince: job.createTime, jobCreated: created, ...facts };
  } finally {
    await lock.release();
  }
}

async function* fetchReports(options: SyncOptions, wanted: ListedReport[]): AsyncGenerator<Progress, number> {
  let stored = 0;
  for (const [done, report] of wanted.entries()) {
    yield { stage: "fetch reports", done, total: wanted.length };
    if (await fetchReport(options, report)) stored++;
  }
  yield { stage: "fetch reports", done: wanted.length, total: wanted.length };
  return stored;
}

/** Downloads a report and stores its rows. @returns false if the report no longer exists */
async function fetchReport({ api, store, paths }: SyncOptions, report: ListedReport): Promise<boolean> {
  const { reportId, downloadUrl: _, ...facts } = report;
  const file = join(paths.reports, `${reportId}.csv`);
  if (!(await exists(file))) {
    if (!(await downloadReport(api, report, `${file}.part`))) return false;
    await rename(`${file}.part`, file);
  }
  try {
    await store.saveCtrReport({ reportId, ...facts }, reportRows(reportId, file));
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
