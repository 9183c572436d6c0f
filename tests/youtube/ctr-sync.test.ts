import { cp, readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { random } from "../../lib/base/random";
import { resolvePaths } from "../../lib/config";
import { collect as all, openStore, queryStore, type Store } from "../../lib/store";
import { openReporting, type SyncReport, syncCtr } from "../../lib/youtube";
import { activityRowsOf, reportsOf } from "../google/reporting/reports";
import { type GoogleOptions, type GoogleStandIn, startGoogle } from "../google/start";
import { World } from "../google/world";
import { newHome, trustStandIns } from "./collecting";
import { connected, ownerEnvironment, secretsOfStandIn, shown } from "./owner";
import { killMidway, runProgram } from "./programs";
import { medianImpressions, reachRows, videosNamed, weightedCtr } from "./reach";

const CONNECTED = new Date("2026-10-01T12:00:00Z");
const FIRST = new Date("2026-10-04T12:00:00Z");
const DAY_MS = 86_400_000;

let google: GoogleStandIn;
let home: string;
let store: Store;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  google = await startGoogle({ world: { channels: 2, videosPerChannel: 60 }, now: CONNECTED.toISOString() });
  trustStandIns();
  home = await newFolder();
  await connected(google, home);
  store = await openStore({ paths: resolvePaths(home) });
  const ids = [...new Set(reachRows(google, CONNECTED, FIRST).map(({ videoId }) => videoId))].sort();
  // One of them is not in the store.
  await store.upsertVideos(videosNamed(ids.slice(1), "UCowned"));
});
afterAll(async () => {
  await store.close().catch(() => {});
  await google.stop();
  for (const remove of removals) await remove();
});

async function newFolder(): Promise<string> {
  const made = await newHome();
  removals.push(made.remove);
  return made.home;
}

const waits: number[] = [];
async function synced(minImpressions = 100, of = store, at = home, engagedViews = false): Promise<SyncReport> {
  const environment = ownerEnvironment(at, google.rootUrl);
  const sleep = async (ms: number) => void waits.push(ms);
  const api = await openReporting({ environment, sleep, random: random("sync") });
  return finish(syncCtr({ api, store: of, paths: resolvePaths(at), minImpressions, engagedViews }));
}

/** Engaged views of each video and day that the reports of one time hold. */
function engagedDays(createdAt: number, at: number): Map<string, number> {
  const world = new World(google.options.world);
  const job = { id: "00000000-0000-4000-8000-000000100002", name: "", reportTypeId: "", createdAt };
  const channel = world.channelAt(google.options.oauth.ownerChannel);
  const days = new Map<string, number>();
  const reports = reportsOf(job, at).filter(({ delivery }) => delivery === 0);
  for (const { day, videoId, engaged } of reports.flatMap((report) => activityRowsOf(world, channel, report)))
    days.set(`${videoId} ${day}`, engaged + (days.get(`${videoId} ${day}`) ?? 0));
  return days;
}

const ctrsOf = async (of: Store) =>
  new Map((await all(of.videos())).flatMap(({ videoId, trueCtr }) => (trueCtr === null ? [] : [[videoId, trueCtr]])));

async function expectTruth(minImpressions: number, ...times: Date[]): Promise<void> {
  const truth = weightedCtr(reachRows(google, CONNECTED, ...times), minImpressions);
  const known = new Set((await all(store.videos())).map(({ videoId }) => videoId));
  const ctrs = await ctrsOf(store);
  const expected = [...truth].filter(([id]) => known.has(id));
  expect(ctrs.size).toBe(expected.length);
  for (const [videoId, ctr] of expected) expect(ctrs.get(videoId)).toBeCloseTo(ctr, 10);
}

test("the first sync makes the job, and says that nothing is there yet", async () => {
  expect(await synced()).toMatchObject({ jobCreated: true, jobSince: CONNECTED, stored: 0, coverage: { reports: 0 } });
  expect(await synced()).toMatchObject({ jobCreated: false, stored: 0 });
});

test("days later each video has the mean of its days weighted by impressions, where it has enough", async () => {
  await google.setClock(FIRST.toISOString());
  const enough = medianImpressions(reachRows(google, CONNECTED, FIRST));
  const report = await synced(enough);
  expect(report).toMatchObject({
    jobCreated: false,
    expired: 0,
    applied: { unknown: 1 },
    coverage: { firstDay: "2026-09-01" },
  });
  expect(report.stored).toBeGreaterThanOrEqual(30);
  expect(report.applied.few).toBeGreaterThan(10);
  expect(report.applied.videos).toBeGreaterThan(10);
  await expectTruth(enough, FIRST);
  expect(await readdir(resolvePaths(home).reports)).toEqual([]);
});

test("syncing again fetches nothing, and another threshold needs no network", async () => {
  await google.clearLog();
  expect((await synced(100)).stored).toBe(0);
  expect((await google.log()).map(({ method }) => method)).not.toContain("media.download");
  await expectTruth(100, FIRST);
});

test("weeks later only newer reports are asked for, page by page, and days that came again count as they are now", async () => {
  await google.clearLog();
  const later = new Date(FIRST.getTime() + 58 * DAY_MS);
  await google.setClock(later.toISOString());
  const report = await synced();
  const lists = (await google.log()).filter(({ method }) => method === "jobs.reports.list");
  expect(lists).toHaveLength(2);
  expect(new Date(lists[0]?.query.createdAfter?.[0] ?? 0).getTime()).toBeGreaterThan(CONNECTED.getTime());
  expect(report.stored).toBeGreaterThan(50);
  await expectTruth(100, FIRST, later);
});

test("an access token whose hour is over is renewed", async () => {
  await google.set({ oauth: { accessTokenSeconds: 1 } });
  await google.advance(DAY_MS);
  expect((await synced()).stored).toBeGreaterThan(0);
  await google.set({ oauth: { accessTokenSeconds: 3599 } });
});

const FAULTS: GoogleOptions[] = [
  { faultRate: 0.2, faultKinds: ["resetBefore", "resetMiddle", "cutBody", "truncatedJson", "proxyPage", "portalPage"] },
  { faultRate: 0.2, faultKinds: ["rateLimited", "backendError", "unavailable"] },
];

test("with one call in five spoilt, resets and halves of compressed bodies among them, all is the same", async () => {
  const truth = await undisturbed();
  for (const faults of FAULTS) {
    await store.forgetCtr();
    await google.set(faults);
    await google.clearLog();
    waits.length = 0;
    await synced();
    expect((await google.log()).filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(5);
    expect(waits.length).toBeGreaterThan(5);
    expect(await tables()).toEqual(truth);
  }
  await google.set({ faultRate: 0 });
});

test("killed again and again, a sync ends with the tables of an undisturbed one", async () => {
  const truth = await undisturbed();
  await store.forgetCtr();
  await store.close();
  const other = await newFolder();
  await cp(home, other, { recursive: true });
  await google.set({ latencyMs: 15, faultRate: 0.05 });
  const env = { ...ownerEnvironment(other, google.rootUrl), NODE_EXTRA_CA_CERTS: google.caFile };
  const source = random("kill sync");
  let killed = 0;
  for (let round = 0; round < 3; round++) if (await killMidway("sync.ts", [other], env, source, 800)) killed++;
  expect(killed).toBeGreaterThan(0);
  await google.set({ latencyMs: 0, faultRate: 0 });
  await runProgram("sync.ts", [other], env);
  expect(await tablesIn(other)).toEqual(truth);
  store = await openStore({ paths: resolvePaths(home) });
}, 120_000);

test("engaged views are fetched where they are asked for, summed over the rows of a day", async () => {
  const created = await google.now();
  const first = await synced(100, store, home, true);
  expect(first.engaged).toEqual({ jobSince: new Date(created), jobCreated: true, stored: 0, expired: 0 });
  await google.advance(3 * DAY_MS);
  const second = await synced(100, store, home, true);
  expect(second.engaged).toMatchObject({ jobCreated: false, expired: 0 });
  expect(second.engaged?.stored).toBeGreaterThanOrEqual(30);
  expect((await synced(100, store, home, true)).engaged?.stored).toBe(0);
  expect((await synced()).engaged).toBeNull();
  const truth = engagedDays(created, await google.now());
  await store.close();
  const rows = await queryStore(
    resolvePaths(home),
    "select video_id || ' ' || day as name, engaged::int as engaged from engaged_daily",
  );
  store = await openStore({ paths: resolvePaths(home) });
  expect(new Map(rows.map(({ name, engaged }) => [name, engaged]))).toEqual(truth);
  expect(truth.size).toBeGreaterThan(50);
});

test("a permission that was withdrawn ends the sync by its own error", async () => {
  await google.revokeAll();
  const thrown = await synced().catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    code: "CTR_AUTHORISATION_ENDED",
    next: expect.stringContaining("thumbrank ctr connect"),
  });
  for (const secret of secretsOfStandIn()) expect(shown(thrown)).not.toContain(secret);
});

/** The tables of a home whose store is closed. */
async function tablesIn(folder: string) {
  const ask = (sql: string) => queryStore(resolvePaths(folder), sql);
  return {
    reports: await ask("select * from ctr_reports order by report_id"),
    daily: await ask("select * from ctr_daily order by video_id, day"),
    ctrs: await ask("select video_id, true_ctr from thumbnails order by video_id"),
  };
}

/** What a sync of all reports that still exist leaves. */
async function undisturbed() {
  await store.forgetCtr();
  await synced();
  return tables();
}

async function tables() {
  await store.close();
  const found = await tablesIn(home);
  store = await openStore({ paths: resolvePaths(home) });
  return found;
}
