import { gzipSync } from "node:zlib";
import { z } from "zod";
import { type Answer, json } from "../answer";
import { type Parameters, parametersOf, REPORTING } from "../discovery";
import { alreadyExists, invalidPageToken, invalidValue, notFound } from "../errors";
import type { Channel, World } from "../world";
import type { Context } from "../youtube/context";
import {
  activityCsv,
  activityRowsOf,
  type Job,
  REACH_COLUMNS,
  type Report,
  reachCsv,
  reachRowsOf,
  reportsOf,
} from "./reports";

export { type Job, type ReachRow, type Report, reachRowsOf, reportsOf, trueCtrOf } from "./reports";

const TYPES = [
  { id: "channel_basic_a3", name: "User activity" },
  { id: "channel_demographics_a1", name: "Demographics" },
  { id: "channel_reach_basic_a1", name: "Reach basic" },
  { id: "channel_reach_combined_a1", name: "Reach combined" },
  { id: "channel_traffic_source_a3", name: "Traffic sources" },
];
const REACH = "channel_reach_basic_a1";
const ACTIVITY = "channel_basic_a3";
const PAGE_SIZE = 50;

const NewJob = z.object({ name: z.string().min(1), reportTypeId: z.string().min(1) }).loose();

/** A request to the Reporting API. */
export interface ReportingRequest {
  httpMethod: string;
  path: string;
  query: URLSearchParams;
  body: string;
  range: string | undefined;
  acceptsGzip: boolean;
}

const stamp = (at: number) => new Date(at).toISOString();

/** The method of a path, as the discovery document calls it; undefined where there is none. */
export function reportingMethodOf(httpMethod: string, path: string): string | undefined {
  if (path === "/v1/reportTypes" && httpMethod === "GET") return "reportTypes.list";
  if (path === "/v1/jobs") return httpMethod === "POST" ? "jobs.create" : "jobs.list";
  if (/^\/v1\/jobs\/[^/]+\/reports$/.test(path)) return "jobs.reports.list";
  if (/^\/v1\/jobs\/[^/]+\/reports\/[^/]+$/.test(path)) return "jobs.reports.get";
  return path.startsWith("/v1/media/") ? "media.download" : undefined;
}

/** A page of a list whose tokens are numbers in disguise. @throws Refused where the token is none of ours */
function paged<T>(all: T[], parameters: Parameters): { page: T[]; next: { nextPageToken?: string } } {
  const token = parameters.text("pageToken");
  const from = token ? Number(Buffer.from(token, "base64url").toString()) : 0;
  if (!Number.isInteger(from) || from < 0) throw invalidPageToken();
  const size = Math.min(PAGE_SIZE, parameters.has("pageSize") ? parameters.number("pageSize") || PAGE_SIZE : PAGE_SIZE);
  const to = from + size;
  const next = to < all.length ? { nextPageToken: Buffer.from(String(to)).toString("base64url") } : {};
  return { page: all.slice(from, to), next };
}

/** The Reporting API of one channel's owner: jobs, their reports, and the files. */
export class Reporting {
  readonly #jobs: Job[] = [];

  /** @throws Refused */
  answer(method: string, request: ReportingRequest, context: Context): Answer {
    const parameters = parametersOf(REPORTING, `youtubereporting.${method}`, request.query);
    if (method === "reportTypes.list") {
      const { page, next } = paged(TYPES, parameters);
      return json({ reportTypes: page, ...next });
    }
    if (method === "jobs.create") return this.#create(request.body, context.at);
    if (method === "jobs.list") {
      const { page, next } = paged(this.#jobs, parameters);
      return json({ ...(page.length ? { jobs: page.map(jobBody) } : {}), ...next });
    }
    if (method === "media.download") return this.#download(request, context);
    return this.#reports(method, request.path.split("/"), parameters, context);
  }

  #create(body: string, at: number): Answer {
    const parsed = NewJob.safeParse(JSON.parse(body || "{}"));
    if (!parsed.success) throw invalidValue("job", "type.googleapis.com/google.youtube.Job", body);
    const { name, reportTypeId } = parsed.data;
    if (!TYPES.some(({ id }) => id === reportTypeId)) throw notFound();
    if (this.#jobs.some((job) => job.reportTypeId === reportTypeId)) throw alreadyExists();
    const number = String(100_001 + this.#jobs.length);
    const job = { id: `00000000-0000-4000-8000-000000${number}`, name, reportTypeId, createdAt: at };
    this.#jobs.push(job);
    return json(jobBody(job));
  }

  #jobOf(id: string | undefined): Job {
    const job = this.#jobs.find((one) => one.id === id);
    if (!job) throw notFound();
    return job;
  }

  #reports(method: string, [, , , jobId, , reportId]: string[], parameters: Parameters, context: Context): Answer {
    const all = reportsOf(this.#jobOf(jobId), context.at);
    if (method === "jobs.reports.get") {
      const report = all.find(({ id }) => id === reportId);
      if (!report) throw notFound();
      return json(reportBody(report, context));
    }
    const time = (name: string, otherwise: number) =>
      parameters.has(name) ? Date.parse(parameters.text(name) ?? "") : otherwise;
    const after = time("createdAfter", -1);
    const from = time("startTimeAtOrAfter", -1);
    const before = time("startTimeBefore", Infinity);
    const asked = all.filter(({ createdAt, startAt }) => createdAt > after && startAt >= from && startAt < before);
    const { page, next } = paged(asked, parameters);
    return json({ ...(page.length ? { reports: page.map((report) => reportBody(report, context)) } : {}), ...next });
  }

  #download({ path, range, acceptsGzip }: ReportingRequest, context: Context): Answer {
    const [jobId, , reportId] = path.split("/").slice(-3);
    const job = this.#jobOf(jobId);
    const report = reportsOf(job, context.at).find(({ id }) => id === reportId);
    if (!report || !context.owner) throw notFound();
    const csv = Buffer.from(csvOf(job.reportTypeId, context.world, context.owner, report));
    return ranged(csv, range) ?? whole(csv, acceptsGzip);
  }
}

/** Other types than these two have a header alone. */
function csvOf(type: string, world: World, owner: Channel, report: Report): string {
  if (type === REACH) return reachCsv(reachRowsOf(world, owner, report));
  if (type === ACTIVITY) return activityCsv(owner.id, activityRowsOf(world, owner, report));
  return `${REACH_COLUMNS.slice(0, 3).join(",")}\n`;
}

function whole(csv: Buffer, acceptsGzip: boolean): Answer {
  const headers = { "content-type": "text/csv", "accept-ranges": "bytes" };
  if (!acceptsGzip) return { status: 200, headers, body: csv };
  return { status: 200, headers: { ...headers, "content-encoding": "gzip" }, body: gzipSync(csv) };
}

/** The bytes asked for, of the uncompressed file. */
function ranged(csv: Buffer, range: string | undefined): Answer | undefined {
  const [, from = "", to = ""] = /^bytes=(\d+)-(\d*)$/.exec(range ?? "") ?? [];
  if (from === "") return undefined;
  const start = Number(from);
  const end = Math.min(csv.length - 1, to === "" ? Infinity : Number(to));
  const headers = { "content-type": "text/csv", "content-range": `bytes ${start}-${end}/${csv.length}` };
  if (start >= csv.length) return { status: 416, headers: { "content-range": `bytes */${csv.length}` }, body: "" };
  return { status: 206, headers, body: csv.subarray(start, end + 1) };
}

const jobBody = ({ id, name, reportTypeId, createdAt }: Job) => ({
  id,
  reportTypeId,
  name,
  createTime: stamp(createdAt),
});

function reportBody({ id, job, startAt, endAt, createdAt }: Report, { origin, owner }: Context) {
  const downloadUrl = `${origin}/v1/media/CHANNEL/${owner?.id ?? ""}/jobs/${job.id}/reports/${id}?alt=media`;
  return {
    id,
    jobId: job.id,
    startTime: stamp(startAt),
    endTime: stamp(endAt),
    createTime: stamp(createdAt),
    downloadUrl,
  };
}
