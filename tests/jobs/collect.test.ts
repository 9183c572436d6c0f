import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CollectSettings } from "../../lib/config/collect";
import { collectRunners, deadLetters, queueCounts } from "../../lib/jobs";
import type { Store } from "../../lib/store";
import { pacificDay } from "../../lib/youtube";
import { start } from "../cli/thumbrank";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { collectInto, newHome, STAND_IN_KEY, tablesOf, trustStandIns } from "../youtube/collecting";
import { jobsOf, newDatabase, server, storeOf, withServer } from "./database";
import { thumbrankWorker, underFire, until } from "./workers";

/** The world stands still, so that all read the same views. */
const NOW = "2026-11-02T12:00:00Z";
const OTHER_KEY = "other-key";
const settings = CollectSettings.parse({ channels: 8, perChannel: 60, niches: ["tech", "news"], unitsLimit: 500 });
const JOBS = { leaseSeconds: 10, heartbeatSeconds: 10, retryLimit: 20, retryDelaySeconds: 0, retryDelayMaxSeconds: 1 };

let google: GoogleStandIn;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  const apiKeys = [
    { key: STAND_IN_KEY, project: "100000000001" },
    { key: OTHER_KEY, project: "100000000002" },
  ];
  google = await startGoogle({ world: { channels: 40, videosPerChannel: 80 }, apiKeys, now: NOW });
  trustStandIns();
});
afterAll(async () => {
  await google.stop();
  for (const remove of removals) await remove();
});

async function place() {
  const { home, remove } = await newHome();
  removals.push(remove);
  const url = await newDatabase();
  return { home, url, store: await storeOf(url) };
}

/** What workers need to reach the stand-in. */
const environmentOf = (url: string, key: string) => ({
  DATABASE_URL: url,
  YOUTUBE_API_KEY: key,
  YOUTUBE_ROOT_URL: google.rootUrl,
  NODE_EXTRA_CA_CERTS: google.caFile,
  NODE_TLS_REJECT_UNAUTHORIZED: "1",
});

/** Names of the pictures of a home. What a process wrote aside when it was killed is none. */
async function picturesOf(home: string): Promise<string[]> {
  const names = await readdir(join(home, "data", "thumbnails"), { recursive: true });
  return names.filter((name) => !basename(name).startsWith(".tmp-")).sort();
}

const unitsOf = async (store: Store) =>
  (await store.quotaSpent(pacificDay(new Date()))).find(({ bucket }) => bucket === "units")?.units ?? 0;

async function countedUnits(project: string): Promise<number> {
  const rows = (await google.ledger()).filter((row) => row.project === project && row.method !== "search.list");
  return rows.reduce((units, row) => units + row.cost, 0);
}

describe.skipIf(server === null)(`collecting by workers${withServer}`, () => {
  test("four workers, one of them killed again and again, leave the tables and pictures of one process, within quota", {
    timeout: 400_000,
  }, async () => {
    const one = await place();
    const many = await place();
    await collectInto(one.store, one.home, google, { settings });
    await google.set({ faultRate: 0.02, pictureFaultRate: 0.02 });

    const jobs = await jobsOf(many.url);
    const runners = collectRunners(jobs, { settings, jobs: JOBS, pollMs: 100 });
    const environment = { YOUTUBE_API_KEY: OTHER_KEY, YOUTUBE_ROOT_URL: google.rootUrl };
    const collected = collectInto(many.store, many.home, google, { settings, runners, environment });
    const args = ["--queue", "listings,videos,thumbnails", "--watch-seconds", "1", "--concurrency", "3"];
    const worker = () => thumbrankWorker([...args, "--data-dir", many.home], environmentOf(many.url, OTHER_KEY));
    const { killed } = await underFire({ workers: 4, everyMs: 1500, most: 6 }, worker, collected);
    expect(killed).toBeGreaterThan(0);

    expect(await tablesOf(many.store)).toEqual(await tablesOf(one.store));
    expect(await picturesOf(many.home)).toEqual(await picturesOf(one.home));
    const spent = await unitsOf(many.store);
    expect(spent).toBeLessThanOrEqual(settings.unitsLimit);
    // A call is counted before it is sent: one that was killed in between was counted only here.
    expect(await countedUnits("100000000002")).toBeLessThanOrEqual(spent);
    await google.set({ faultRate: 0, pictureFaultRate: 0 });
  });

  test("without quota the rest waits for the day's end with no try used, and the command ends with 75", async () => {
    const { home, url, store } = await place();
    const environment = environmentOf(url, STAND_IN_KEY);
    const flags = ["--channels", "12", "--per-channel", "60", "--niches", "tech,news", "--units-limit", "20"];
    const coordinator = start(["collect", "--queue", ...flags, "--data-dir", home, "--json"], environment);
    const worker = thumbrankWorker(["--queue", "listings,videos", "--data-dir", home], environment);
    const { code, stderr } = await coordinator.outcome;
    expect([code, stderr.includes("YOUTUBE_QUOTA_SPENT")]).toEqual([75, true]);
    expect(await unitsOf(store)).toBe(20);
    const jobs = await jobsOf(url);
    worker.process.kill("SIGTERM");
    expect(await worker.ended).toBe(0);
    const counts = await queueCounts(jobs);
    expect(counts.reduce((sum, { postponed }) => sum + postponed, 0)).toBeGreaterThan(0);
    expect(counts.map(({ dead, retrying, active }) => dead + retrying + active)).toEqual([0, 0, 0, 0]);
    expect(counts.find(({ postponedUntil }) => postponedUntil)?.postponedUntil?.getTime()).toBeGreaterThan(Date.now());
  });

  test("a key that is refused stops the worker with its code, and the jobs are another's", async () => {
    const { home, url } = await place();
    const flags = ["--channels", "12", "--per-channel", "60", "--niches", "tech,news", "--no-pictures"];
    const good = environmentOf(url, OTHER_KEY);
    const coordinator = start(["collect", "--queue", ...flags, "--data-dir", home], good);
    const jobs = await jobsOf(url);
    await until(async () => ((await queueCounts(jobs, ["listings"]))[0]?.waiting ?? 0) > 0);
    const bad = thumbrankWorker(["--queue", "listings", "--data-dir", home], environmentOf(url, "AIza-wrong-key"));
    expect(await bad.ended).toBe(1);
    expect(bad.lines.join("\n")).toContain("YOUTUBE_KEY_REFUSED");
    expect(bad.lines.join("\n")).not.toContain("AIza-wrong-key");
    thumbrankWorker(["--queue", "listings,videos", "--data-dir", home], good);
    expect(await coordinator.outcome).toMatchObject({ code: 0 });
    expect(await deadLetters(jobs, "listings")).toEqual([]);
  });
});
