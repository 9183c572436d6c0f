import { createHash } from "node:crypto";
import { request as send } from "node:https";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Raw, raw } from "./client";
import { REPORTING } from "./discovery";
import { reachRowsOf, reportsOf, trueCtrOf } from "./reporting";
import { deviations } from "./schema";
import { type GoogleStandIn, startGoogle } from "./start";
import { World } from "./world";

const NOW = "2026-11-02T18:00:00Z";
const DAY = 86_400_000;
const ANALYTICS = "https://www.googleapis.com/auth/yt-analytics.readonly";
const REDIRECT = "http://127.0.0.1:8123/";

interface ReportBody {
  id: string;
  startTime: string;
  endTime: string;
  createTime: string;
  downloadUrl: string;
}

let google: GoogleStandIn;
let token: string;
beforeEach(async () => {
  google = await startGoogle({ now: NOW, oauth: { accessTokenSeconds: 90 * 86_400 } });
  token = await tokenFor(ANALYTICS);
});
afterEach(() => google.stop());

function post(path: string, body: string, headers: Record<string, string>): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const request = send(
      new URL(path, google.rootUrl),
      { method: "POST", ca: google.ca, agent: false, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    request.on("error", reject).end(body);
  });
}

async function tokenFor(scope: string): Promise<string> {
  const { clientId: client_id, clientSecret: client_secret } = google.options.oauth;
  const code_challenge = createHash("sha256").update("verifier").digest("base64url");
  const asked = {
    client_id,
    redirect_uri: REDIRECT,
    response_type: "code",
    scope,
    code_challenge,
    code_challenge_method: "S256",
  };
  const { headers } = await raw(google, `o/oauth2/v2/auth?${new URLSearchParams(asked)}`);
  const code = new URL(String(headers.location)).searchParams.get("code") ?? "";
  const form = {
    client_id,
    client_secret,
    code,
    redirect_uri: REDIRECT,
    grant_type: "authorization_code",
    code_verifier: "verifier",
  };
  const { body } = await post("token", new URLSearchParams(form).toString(), {
    "content-type": "application/x-www-form-urlencoded",
  });
  return (JSON.parse(body.toString()) as { access_token: string }).access_token;
}

const bearer = () => ({ authorization: `Bearer ${token}` });
const ask = async (path: string) =>
  JSON.parse((await raw(google, path, { headers: bearer() })).body.toString()) as Record<string, unknown>;
const create = (reportTypeId: string) =>
  post("v1/jobs", JSON.stringify({ name: "reach", reportTypeId }), { ...bearer(), "content-type": "application/json" });

async function jobId(): Promise<string> {
  return (JSON.parse((await create("channel_reach_basic_a1")).body.toString()) as { id: string }).id;
}

async function reports(id: string, query = ""): Promise<ReportBody[]> {
  const all: ReportBody[] = [];
  for (let pageToken = ""; ; ) {
    const page = (await ask(`v1/jobs/${id}/reports?pageSize=20${query}${pageToken && `&pageToken=${pageToken}`}`)) as {
      reports?: ReportBody[];
      nextPageToken?: string;
    };
    all.push(...(page.reports ?? []));
    if (!page.nextPageToken) return all;
    pageToken = page.nextPageToken;
  }
}

test("report types and jobs are listed; a job is made once", async () => {
  expect(JSON.stringify(await ask("v1/reportTypes"))).toContain("channel_reach_basic_a1");
  expect(await ask("v1/jobs")).toEqual({});
  const id = await jobId();
  expect(await ask("v1/jobs")).toMatchObject({
    jobs: [{ id, reportTypeId: "channel_reach_basic_a1", createTime: "2026-11-02T18:00:00.000Z" }],
  });
  expect((await create("channel_reach_basic_a1")).status).toBe(409);
  expect((await create("nothing")).status).toBe(404);
});

test("the first reports come 48 hours later with 30 days of history, and each stays its time", async () => {
  const id = await jobId();
  await google.advance(2 * DAY - 1);
  expect(await reports(id)).toEqual([]);
  await google.advance(1);
  const first = await reports(id);
  expect(new Set(first.map(({ startTime }) => startTime)).size).toBe(30);
  expect(first.at(-1)?.startTime).toBe("2026-10-03T07:00:00.000Z");
  await google.advance(29 * DAY);
  const later = await reports(id);
  expect(later.length).toBeGreaterThan(first.length + 20);
  await google.advance(2 * DAY);
  const starts = (await reports(id)).map(({ startTime, createTime }) => [startTime, createTime]);
  expect(starts.filter(([start, created]) => start! < "2026-11-02" && created! < "2026-11-05")).toEqual([]);
  await google.advance(70 * DAY);
  const oldest = Math.min(...(await reports(id)).map(({ createTime }) => Date.parse(createTime)));
  expect(oldest).toBeGreaterThan((await google.now()) - 60 * DAY);
});

test("lists can be narrowed, and a day delivered twice is there twice", async () => {
  const id = await jobId();
  await google.advance(12 * DAY);
  const all = await reports(id);
  const after = "2026-11-08T00:00:00Z";
  const newer = all.filter(({ createTime }) => Date.parse(createTime) > Date.parse(after));
  expect(await reports(id, `&createdAfter=${after}`)).toEqual(newer);
  const start = "2026-11-03T08:00:00.000Z";
  const from = all.filter(({ startTime }) => startTime >= start);
  expect(from.length).toBeGreaterThan(3);
  expect(await reports(id, `&startTimeAtOrAfter=${start}`)).toEqual(from);
  const twice = all.filter(({ startTime }, at) => all.findIndex((one) => one.startTime === startTime) !== at);
  expect(twice.length).toBeGreaterThan(0);
  const pair = all.filter(({ startTime }) => startTime === twice[0]!.startTime);
  const files = await Promise.all(
    pair.map(async ({ downloadUrl }) => (await raw(google, downloadUrl, { headers: bearer() })).body.toString()),
  );
  expect(files[0]).not.toBe(files[1]);
});

test("a file holds the rows of its day, compressed or not, whole or from a byte on", async () => {
  const id = await jobId();
  await google.advance(6 * DAY);
  const at = await google.now();
  const [report] = await reports(id);
  expect(deviations(report, { $ref: "Report" }, REPORTING)).toEqual([]);
  const plain = await raw(google, report!.downloadUrl, { headers: bearer() });
  const packed = await raw(google, report!.downloadUrl, { headers: { ...bearer(), "accept-encoding": "gzip" } });
  expect(packed.headers["content-encoding"]).toBe("gzip");
  const rest = await raw(google, report!.downloadUrl, { headers: { ...bearer(), range: "bytes=100-" } });
  expect([rest.status, rest.headers["content-range"]]).toEqual([
    206,
    `bytes 100-${plain.body.length - 1}/${plain.body.length}`,
  ]);
  expect(rest.body.equals(plain.body.subarray(100))).toBe(true);
  const world = new World(google.options.world);
  const channel = world.channelAt(google.options.oauth.ownerChannel);
  const made = reportsOf({ id, name: "reach", reportTypeId: "channel_reach_basic_a1", createdAt: Date.parse(NOW) }, at);
  const rows = reachRowsOf(world, channel, made.find((one) => one.id === report!.id)!);
  const [header, ...lines] = plain.body.toString().trim().split("\n");
  expect(header).toBe("date,channel_id,video_id,video_thumbnail_impressions,video_thumbnail_impressions_ctr");
  expect(rows.length).toBeGreaterThan(5);
  expect(lines.map((line) => line.split(",")[2])).toEqual(rows.map(({ videoId }) => videoId));
  for (const { videoId, ctr, impressions } of rows) {
    const { number } = world.video(videoId, at)!;
    expect(Math.abs(ctr - trueCtrOf(world, channel, number))).toBeLessThan(1 / impressions);
  }
});

test("a download may be cut in the middle", async () => {
  const id = await jobId();
  await google.advance(6 * DAY);
  const [report] = await reports(id);
  await google.set({ scripted: [{ n: 1, method: "media.download", fault: "cutBody" }] });
  await expect(raw(google, report!.downloadUrl, { headers: bearer() })).rejects.toThrow();
  expect((await raw(google, report!.downloadUrl, { headers: bearer() })).status).toBe(200);
});

test("tokens: without the scope 403, expired or revoked 401", async () => {
  token = await tokenFor("https://www.googleapis.com/auth/youtube.readonly");
  expect(await ask("v1/jobs")).toMatchObject({
    error: {
      code: 403,
      errors: [{ reason: "insufficientPermissions" }],
      details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }],
    },
  });
  token = await tokenFor(ANALYTICS);
  await google.advance(90 * DAY);
  expect(await ask("v1/jobs")).toMatchObject({ error: { code: 401, errors: [{ reason: "authError" }] } });
  token = await tokenFor(ANALYTICS);
  expect(await ask("v1/jobs")).toEqual({});
  await google.revokeAll();
  expect(await ask("v1/jobs")).toMatchObject({ error: { code: 401 } });
});
