import { z } from "zod";
import type { CtrReport } from "../../store";
import { NoAnswer } from "../client";
import type { ReportingApi } from "./api";
import { CtrCallRefused } from "./errors";
import { type Answered, readText } from "./send";

/** Impressions and click-through rates of thumbnails, by day and video. */
export const REPORT_TYPE = "channel_reach_basic_a1";

const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const Job = z.object({ id: z.string().min(1), reportTypeId: z.string(), createTime: Instant });
export type Job = z.infer<typeof Job>;
const Jobs = z.object({ jobs: z.array(Job).default([]), nextPageToken: z.string().optional() });

const Report = z.object({
  /** Also used as a file name. */
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  jobId: z.string().min(1),
  startTime: Instant,
  endTime: Instant,
  createTime: Instant,
  downloadUrl: z.url(),
});
const Reports = z.object({ reports: z.array(Report).default([]), nextPageToken: z.string().optional() });

/** A report that can be downloaded. */
export interface ListedReport extends CtrReport {
  downloadUrl: string;
}

/** Finds the job that makes reach reports, or creates it if there is none. */
export async function reachJob(api: ReportingApi): Promise<{ job: Job; created: boolean }> {
  const known = await findJob(api);
  if (known !== undefined) return { job: known, created: false };
  const job = await createJob(api);
  if (job !== null) return { job, created: true };
  const others = await findJob(api);
  if (others === undefined)
    throw new CtrCallRefused("create the job", "it says that there is one already, and lists none");
  return { job: others, created: false };
}

async function findJob(api: ReportingApi): Promise<Job | undefined> {
  for await (const { jobs } of pages(api, "list the jobs", "v1/jobs", {}, Jobs)) {
    const found = jobs.find(({ reportTypeId }) => reportTypeId === REPORT_TYPE);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Creates the job. @returns null if another program created it first */
async function createJob(api: ReportingApi): Promise<Job | null> {
  const body = { reportTypeId: REPORT_TYPE, name: "Thumbrank: impressions and click-through rates" };
  const request = { call: "create the job", url: new URL("v1/jobs", api.root), method: "POST" as const, body };
  try {
    return await api.ask(
      () => request,
      (answer) => parsed(answer, Job),
    );
  } catch (thrown) {
    if (thrown instanceof CtrCallRefused && /alreadyExists|ALREADY_EXISTS|already exists/i.test(thrown.reason))
      return null;
    throw thrown;
  }
}

/** Lists the reports of a job that were created after an instant (null: all), oldest first. */
export async function reportsSince(api: ReportingApi, job: Job, after: Date | null): Promise<ListedReport[]> {
  const since: Record<string, string> = after === null ? {} : { createdAfter: after.toISOString() };
  const listed: ListedReport[] = [];
  for await (const { reports } of pages(api, "list the reports", `v1/jobs/${job.id}/reports`, since, Reports)) {
    listed.push(...reports.map(({ id, ...report }) => ({ reportId: id, ...report })));
  }
  return listed.sort((a, b) => a.createTime.getTime() - b.createTime.getTime() || (a.reportId < b.reportId ? -1 : 1));
}

async function* pages<Page extends { nextPageToken?: string | undefined }>(
  api: ReportingApi,
  call: string,
  path: string,
  query: Record<string, string>,
  schema: z.ZodType<Page>,
): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const url = new URL(path, api.root);
    url.search = new URLSearchParams({ ...query, ...(token === undefined ? {} : { pageToken: token }) }).toString();
    const page: Page | null = await api.ask(
      () => ({ call, url }),
      (answer) => parsed(answer, schema),
    );
    if (page === null) throw new CtrCallRefused(call, "not found");
    yield page;
    token = page.nextPageToken;
  } while (token !== undefined && token !== "");
}

/** Parses a success. If it has the wrong shape it was truncated, or a proxy answered, so it counts as transient. */
async function parsed<Shape>(answer: Answered, schema: z.ZodType<Shape>): Promise<Shape> {
  const text = await readText(answer);
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new NoAnswer("an answer that cannot be read");
  }
}
