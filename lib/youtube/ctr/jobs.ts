import { z } from "zod";
import type { CtrReport } from "../../store";
import { NoAnswer } from "../client";
import type { ReportingApi } from "./api";
import { CtrCallRefused } from "./errors";
import { type Answered, readText } from "./send";

/** A type of daily reports, and the name that its job is given. */
interface ReportType {
  id: string;
  jobName: string;
}

/** Impressions and click-through rates of thumbnails, by day and video. */
export const REACH: ReportType = {
  id: "channel_reach_basic_a1",
  jobName: "Thumbrank: impressions and click-through rates",
};
/** Views and engaged views, by day, video and kind of viewer. */
export const ACTIVITY: ReportType = { id: "channel_basic_a3", jobName: "Thumbrank: engaged views" };

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

/** Finds the job that makes reports of a type, or creates it if there is none. */
export async function ensureJob(api: ReportingApi, type: ReportType): Promise<{ job: Job; created: boolean }> {
  const known = await findJob(api, type);
  if (known !== undefined) return { job: known, created: false };
  const job = await createJob(api, type);
  if (job !== null) return { job, created: true };
  const others = await findJob(api, type);
  if (others === undefined)
    throw new CtrCallRefused("create the job", "it says that there is one already, and lists none");
  return { job: others, created: false };
}

async function findJob(api: ReportingApi, { id }: ReportType): Promise<Job | undefined> {
  for await (const { jobs } of pages(api, "list the jobs", "v1/jobs", {}, Jobs)) {
    const found = jobs.find(({ reportTypeId }) => reportTypeId === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Creates the job. @returns null if another program created it first */
async function createJob(api: ReportingApi, { id, jobName }: ReportType): Promise<Job | null> {
  const body = { reportTypeId: id, name: jobName };
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
