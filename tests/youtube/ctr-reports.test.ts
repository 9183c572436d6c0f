import { once } from "node:events";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { resolvePaths } from "../../lib/config";
import type { CtrReport, CtrReports, CtrRow } from "../../lib/store";
import { openReporting, syncCtr } from "../../lib/youtube";
import { writeConsent } from "../../lib/youtube/ctr/token-file";
import { newHome } from "./collecting";
import { ownerEnvironment } from "./owner";

const HEADER = "date,channel_id,video_id,video_thumbnail_impressions,video_thumbnail_impressions_ctr";
const LINES = Array.from({ length: 500 }, (_, n) => `20261001,UC1,video_${n},${n + 1},0.0${10 + (n % 90)}`);
const CSV = `${HEADER}\n${LINES.join("\n")}\n`;

const closings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

interface Api {
  root: string;
  /** Method, path and range of each request but those for tokens. */
  asked: string[];
}

/** The Reporting API of one test: one report, whose file is answered as the test says. */
async function apiWith(
  media: (request: IncomingMessage, response: ServerResponse, time: number) => void,
  changes: { jobs?: (time: number) => unknown; create?: [number, unknown]; downloadUrl?: string } = {},
): Promise<Api> {
  const job = { id: "job-1", reportTypeId: "channel_reach_basic_a1", createTime: "2026-10-01T00:00:00Z" };
  const api: Api = { root: "", asked: [] };
  let files = 0;
  let lists = 0;
  const json = (response: ServerResponse, body: unknown, status = 200) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path === "/token") return json(response, { access_token: "ya29.a", expires_in: 3599, token_type: "Bearer" });
    api.asked.push([request.method, path, request.headers.range].filter(Boolean).join(" "));
    if (path === "/v1/jobs" && request.method === "POST")
      return json(response, ...([changes.create?.[1] ?? job, changes.create?.[0]] as const));
    if (path === "/v1/jobs")
      return json(response, changes.jobs?.(lists++) ?? { jobs: [{ ...job, id: "other", reportTypeId: "x" }, job] });
    if (path === "/v1/jobs/job-1/reports") {
      const times = {
        startTime: "2026-10-01T07:00:00Z",
        endTime: "2026-10-02T07:00:00Z",
        createTime: "2026-10-04T00:00:00Z",
      };
      const downloadUrl = changes.downloadUrl ?? `${api.root}v1/media/report-1?alt=media`;
      return json(response, { reports: [{ id: "report-1", jobId: "job-1", ...times, downloadUrl }] });
    }
    media(request, response, files++);
  });
  api.root = await listening(server);
  return api;
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/`;
}

/** A store that only remembers. */
function memory(): Pick<CtrReports, "storedCtrReports" | "saveCtrReport" | "applyCtr" | "ctrCoverage"> & {
  rows: CtrRow[];
  reports: CtrReport[];
} {
  const kept = { rows: [] as CtrRow[], reports: [] as CtrReport[] };
  return {
    ...kept,
    storedCtrReports: async () => kept.reports,
    async saveCtrReport(report, rows) {
      const read: CtrRow[] = [];
      for await (const row of rows) read.push(row);
      kept.rows.push(...read);
      kept.reports.push(report);
    },
    applyCtr: async () => ({ videos: 0, few: 0, unknown: 0 }),
    ctrCoverage: async () => ({ reports: kept.reports.length, firstDay: null, lastDay: null, videos: 0, rated: 0 }),
  };
}

async function newOwner(root: string) {
  const { home, remove } = await newHome();
  closings.push(remove);
  const environment = ownerEnvironment(home, root);
  const file = join(environment.XDG_CONFIG_HOME ?? "", "thumbrank", "youtube-owner.json");
  await writeConsent(file, { refreshToken: "1//planted", scope: "s", connectedAt: new Date(0).toISOString() });
  const store = memory();
  const sync = async () => {
    const api = await openReporting({ environment, sleep: async () => {} });
    return finish(
      syncCtr({ api, store: store as unknown as CtrReports, paths: resolvePaths(home), minImpressions: 1 }),
    );
  };
  return { store, sync, reports: resolvePaths(home).reports };
}

const gzipped = (response: ServerResponse, csv: string) =>
  response.writeHead(200, { "content-type": "text/csv", "content-encoding": "gzip" }).end(gzipSync(csv));

test("a report is fetched compressed, and its rows are read", async () => {
  const api = await apiWith((request, response) => {
    expect([request.headers["accept-encoding"], request.headers["user-agent"]]).toEqual(["gzip", "thumbrank (gzip)"]);
    expect(request.headers.authorization).toBe("Bearer ya29.a");
    gzipped(response, CSV);
  });
  const { store, sync, reports } = await newOwner(api.root);
  expect(await sync()).toMatchObject({ jobCreated: false, stored: 1, expired: 0 });
  expect(store.rows).toHaveLength(500);
  expect(store.rows[7]).toEqual({
    day: "2026-10-01",
    channelId: "UC1",
    videoId: "video_7",
    impressions: 8,
    ctr: 0.017,
  });
  expect(await readdir(reports)).toEqual([]);
  expect((await sync()).stored).toBe(0);
});

test("what a killed process left of a report is gone on with from its last byte", async () => {
  const have = 5000;
  const api = await apiWith((request, response) => {
    expect([request.headers.range, request.headers["accept-encoding"]]).toEqual([`bytes=${have}-`, "identity"]);
    const range = `bytes ${have}-${CSV.length - 1}/${CSV.length}`;
    response.writeHead(206, { "content-type": "text/csv", "content-range": range }).end(CSV.slice(have));
  });
  const { store, sync, reports } = await newOwner(api.root);
  await mkdir(reports, { recursive: true });
  await writeFile(join(reports, "report-1.csv.part"), CSV.slice(0, have));
  await sync();
  expect(store.rows).toHaveLength(500);
});

test("a connection that is cut is taken up where the file ends", async () => {
  const starts: number[] = [];
  const api = await apiWith((request, response) => {
    const from = Number(/\d+/.exec(request.headers.range ?? "0"));
    const piece = CSV.slice(from, from + 6000);
    starts.push(from);
    const isLast = from + piece.length === CSV.length;
    const headers = {
      "content-length": CSV.length - from,
      "content-range": `bytes ${from}-${CSV.length - 1}/${CSV.length}`,
    };
    response.writeHead(from > 0 ? 206 : 200, { "content-type": "text/csv", ...headers });
    response.write(piece, () => setTimeout(() => (isLast ? response.end() : response.destroy()), 20));
  });
  const { store, sync } = await newOwner(api.root);
  await sync();
  expect(store.rows).toHaveLength(500);
  // How much of a piece has reached the file when the connection ends, the machine decides.
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
  expect(starts.at(-1)).toBeGreaterThanOrEqual(CSV.length - 6000);
  expect(starts.length).toBeGreaterThanOrEqual(Math.ceil(CSV.length / 6000));
});

test("half of a compressed body, a longer file than the report and a page are no report", async () => {
  const api = await apiWith((request, response, time) => {
    if (time === 0) return response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in</html>");
    if (request.headers.range === "bytes=999999-")
      return response.writeHead(416, { "content-range": `bytes */${CSV.length}` }).end();
    const whole = gzipSync(CSV);
    const half = whole.subarray(0, whole.length / 2);
    return time === 1
      ? response.writeHead(200, { "content-encoding": "gzip", "content-length": half.length }).end(half)
      : ranged(request, response);
  });
  const { store, sync, reports } = await newOwner(api.root);
  await sync();
  expect(store.rows).toHaveLength(500);

  await mkdir(reports, { recursive: true });
  store.reports.length = 0;
  await writeFile(join(reports, "report-1.csv.part"), "x".repeat(999_999));
  await sync();
  expect(store.rows).toHaveLength(1000);
});

/** As Google's servers: ranges are of the uncompressed file. */
function ranged(request: IncomingMessage, response: ServerResponse): unknown {
  const from = Number(/\d+/.exec(request.headers.range ?? "0"));
  if (request.headers.range === undefined) return gzipped(response, CSV);
  const range = { "content-range": `bytes ${from}-${CSV.length - 1}/${CSV.length}` };
  return response.writeHead(206, { "content-type": "text/csv", ...range }).end(CSV.slice(from));
}

test("a report that is gone before it is fetched is counted, not an error", async () => {
  const gone = { error: { code: 404, message: "Requested entity was not found.", status: "NOT_FOUND" } };
  const api = await apiWith((_, response) => response.writeHead(404).end(JSON.stringify(gone)));
  const { sync } = await newOwner(api.root);
  expect(await sync()).toMatchObject({ stored: 0, expired: 1 });
});

test("the token is sent to no other host", async () => {
  const stranger = await apiWith((_, response) => gzipped(response, CSV));
  const api = await apiWith(() => {}, { downloadUrl: `${stranger.root}v1/media/report-1` });
  const { sync } = await newOwner(api.root);
  await expect(sync()).rejects.toMatchObject({ code: "CTR_ADDRESS_FOREIGN", origin: stranger.root.slice(0, -1) });
  expect(stranger.asked).toEqual([]);
});

test.each([
  [
    "date,channel_id,video_id\n20261001,UC1,a\n",
    "it has no column video_thumbnail_impressions, video_thumbnail_impressions_ctr",
  ],
  [`${HEADER}\n20261001,UC1,a,5,0.1\n20261001,UC1,b,5,4.2\n`, "line 3, video_thumbnail_impressions_ctr"],
  [`${HEADER}\n1 October,UC1,a,5,0.1\n`, "line 2, date"],
  [`${HEADER}\n20261001,UC1,a,5,\n`, "line 2 has impressions and no CTR"],
  [`${HEADER}\n20261001,UC1,"a,5,0.1\n`, "Quote"],
])(
  "a report that is not what it should be is named with its line, and fetched anew next time: %s",
  async (csv, reason) => {
    const api = await apiWith((_, response, time) => gzipped(response, time === 0 ? csv : CSV));
    const { store, sync, reports } = await newOwner(api.root);
    await expect(sync()).rejects.toMatchObject({
      code: "CTR_REPORT_UNREADABLE",
      reason: expect.stringContaining(reason),
    });
    expect(await readdir(reports)).toEqual([]);
    await sync();
    expect(store.rows).toHaveLength(500);
  },
);

test("days without impressions, in either spelling, and what was deleted since are no rows", async () => {
  const deleted = "2026-10-01,UC1,,9,0.1\n2026-10-01,,,9,0.1\n";
  const csv = `${HEADER}\n2026-10-01,UC1,a,0,\n20261001,UC1,b,0,0\n${deleted}2026-10-01,UC1,c,3,0.5\n`;
  const api = await apiWith((_, response) => gzipped(response, csv));
  const { store, sync } = await newOwner(api.root);
  await sync();
  expect(store.rows).toEqual([{ day: "2026-10-01", channelId: "UC1", videoId: "c", impressions: 3, ctr: 0.5 }]);
});

test("a job that another program makes at the same time is taken", async () => {
  const job = { id: "job-1", reportTypeId: "channel_reach_basic_a1", createTime: "2026-10-01T00:00:00Z" };
  const exists = { error: { code: 409, message: "Requested entity already exists", status: "ALREADY_EXISTS" } };
  const api = await apiWith((_, response) => gzipped(response, CSV), {
    jobs: (time) => (time === 0 ? {} : { jobs: [job] }),
    create: [409, exists],
  });
  const { sync } = await newOwner(api.root);
  expect(await sync()).toMatchObject({ jobCreated: false, stored: 1 });
});

test.each([
  [403, { error: { code: 403, message: "off", details: [{ reason: "SERVICE_DISABLED" }] } }, "CTR_API_DISABLED"],
  [
    403,
    { error: { code: 403, message: "", details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }] } },
    "CTR_SCOPE_MISSING",
  ],
  [400, { error: { code: 400, message: "no channel", errors: [{ reason: "badRequest" }] } }, "CTR_CALL_REFUSED"],
  [401, { error: { code: 401, message: "Invalid Credentials" } }, "CTR_AUTHORISATION_ENDED"],
  [503, { error: { code: 503, message: "later" } }, "CTR_UNREACHABLE"],
])("status %i ends in its own error", async (status, body, code) => {
  const server = createServer((request, response) =>
    request.url === "/token"
      ? response
          .setHeader("content-type", "application/json")
          .end(JSON.stringify({ access_token: "ya29.a", expires_in: 3599 }))
      : response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
  );
  const { sync } = await newOwner(await listening(server));
  await expect(sync()).rejects.toMatchObject({ code });
});
