import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { pacificDay } from "../../lib/youtube";
import type { Fault } from "../google/fault-names";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { newHome, openHome, tablesOf } from "./collecting";
import { runCollect, startCollect } from "./command";

const NOW = "2026-11-02T12:00:00Z";
const KEYS = [
  { key: "key-of-the-undisturbed", project: "1" },
  { key: "key-of-the-killed", project: "2" },
];
const ARGS = ["--channels", "12", "--per-channel", "60", "--concurrency", "4", "--json"];
const KILLS = 4;

let google: GoogleStandIn;
const homes: Awaited<ReturnType<typeof newHome>>[] = [];
beforeAll(async () => {
  // Slow enough that moments to be killed at lie between the calls.
  const world = { channels: 40, videosPerChannel: 60 };
  google = await startGoogle({ world, now: NOW, apiKeys: KEYS, latencyMs: 20 });
});
afterAll(async () => {
  await google.stop();
  for (const { remove } of homes) await remove();
});

async function heldBy(home: string) {
  const store = await openHome(home);
  const tables = await tablesOf(store);
  const days = await store.quotaSpent(pacificDay(new Date(NOW)));
  await store.close();
  return { tables, spent: Object.fromEntries(days.map(({ bucket, units }) => [bucket, units])) };
}

async function countedOf(project: string): Promise<Record<string, number>> {
  const counted: Record<string, number> = { search: 0, units: 0, statistics: 0 };
  for (const row of await google.ledger()) if (row.project === project) counted[row.bucket]! += row.calls;
  return counted;
}

test("killed again and again, a collection ends with the tables of an undisturbed one, and no call is uncounted", async () => {
  const first = await newHome();
  const second = await newHome();
  homes.push(first, second);
  const command = (home: string, at: number) => ({ google, home, key: KEYS[at]!.key, now: NOW });
  const begun = performance.now();
  expect((await runCollect(ARGS, command(first.home, 0))).code).toBe(0);
  const undisturbedMs = performance.now() - begun;

  const faultKinds: Fault[] = ["unavailable", "resetMiddle", "invalidPageToken", "overlappingPage", "repeatedToken"];
  await google.set({ faultRate: 0.1, faultKinds, pictureFaultRate: 0.03 });
  const source = random("kills", 3);
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, outcome } = startCollect(ARGS, command(second.home, 1));
    // A start takes a good part of the time: within a third of it, or of what comes after.
    const timer = setTimeout(() => child.kill("SIGKILL"), undisturbedMs * (0.25 + source.uniform() * 0.5));
    await outcome;
    clearTimeout(timer);
  }
  await google.set({ faultRate: 0.03 });
  const last = await runCollect(ARGS, command(second.home, 1));
  expect(last.stderr.split("\n").filter((line) => /Error|YOUTUBE_/.test(line))).toEqual([]);
  expect(last.code).toBe(0);

  const undisturbed = await heldBy(first.home);
  const killed = await heldBy(second.home);
  expect(killed.tables.videos.length).toBeGreaterThan(400);
  expect(killed.tables).toEqual(undisturbed.tables);
  expect(undisturbed.spent).toEqual(await countedOf("1"));
  const counted = await countedOf("2");
  for (const bucket of ["search", "units"]) expect(killed.spent[bucket]).toBeGreaterThanOrEqual(counted[bucket]!);
  // Each kill may lose what was under way.
  expect(killed.spent.units).toBeLessThanOrEqual(undisturbed.spent.units! * 1.2 + KILLS * 4);
}, 300_000);
