import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { NICHES } from "../../lib/config/collect";
import type { Store } from "../../lib/store";
import type { CollectReport } from "../../lib/youtube";
import type { Fault } from "../google/fault-names";
import { type GoogleOptions, type GoogleStandIn, startGoogle } from "../google/start";
import { uploadsPlaylistOf } from "../google/world";
import { collectInto, newHome, openHome, type Tables, tablesOf, trustStandIns } from "./collecting";

const NOW = "2026-11-02T12:00:00Z";
const now = () => new Date(NOW);
/** Enough for all tests of this file. */
const QUOTAS = { search: 10_000, units: 1_000_000 };
const LIMITS = { searchLimit: QUOTAS.search, unitsLimit: QUOTAS.units };
const UPLOADS = { channels: 12, perChannel: 130, niches: NICHES, pictures: false, ...LIMITS };
/** Two niches in one: more channels than a page of results holds, and no other query. */
const SEARCHES = { channels: 60, perChannel: 20, niches: ["tech news"], pictures: false, ...LIMITS };
const LATER = { method: "playlistItems.list", isLaterPage: true };

let google: GoogleStandIn;
const removals: (() => Promise<void>)[] = [];
beforeAll(async () => {
  google = await startGoogle({ world: { channels: 320, videosPerChannel: 140 }, now: NOW, quotas: QUOTAS });
  trustStandIns();
});
afterAll(() => google.stop());
afterEach(async () => {
  await google.set({ scripted: [], faultRate: 0, uploadsOutOfOrder: false, goneChannels: [] });
  for (const remove of removals.splice(0)) await remove();
});

interface Place {
  home: string;
  store: Store;
}

async function place(): Promise<Place> {
  const { home, remove } = await newHome();
  const store = await openHome(home);
  removals.push(async () => {
    await store.close();
    await remove();
  });
  return { home, store };
}

type Settings = typeof UPLOADS & { sinceDays?: number };
const run = ({ home, store }: Place, settings: Settings): Promise<CollectReport> =>
  collectInto(store, home, google, { settings, now });

/** The tables of a collection under faults, and what its run reported. */
async function collectedUnder(faults: GoogleOptions, settings: Settings) {
  await google.set(faults);
  const at = await place();
  const report = await run(at, settings);
  return { ...at, report, tables: await tablesOf(at.store) };
}

const undisturbed = new Map<Settings, Tables>();
async function truthOf(settings: Settings): Promise<Tables> {
  const known = undisturbed.get(settings) ?? (await collectedUnder({}, settings)).tables;
  undisturbed.set(settings, known);
  return known;
}

describe("a page of uploads", () => {
  test.each<Fault>([
    "invalidPageToken",
    "playlistNotFound",
    "forbidden",
    "emptyPage",
    "overlappingPage",
    "shrunkList",
    "repeatedToken",
    "cyclingToken",
  ])(
    "%s leaves the tables of an undisturbed collection",
    async (fault) => {
      const truth = await truthOf(UPLOADS);
      // A page that is refused is asked for three times.
      const times = ["invalidPageToken", "playlistNotFound", "forbidden"].includes(fault) ? [1, 2, 3] : [1];
      const scripted = times.map((n) => ({ ...LATER, n, fault }));
      const { report, tables } = await collectedUnder({ scripted }, UPLOADS);
      expect(report.open).toEqual({ channels: [], searches: [] });
      expect(tables).toEqual(truth);
    },
    120_000,
  );

  test("all faults at a high rate leave the same tables, in as many runs as it takes; none is called complete before", async () => {
    const truth = await truthOf(UPLOADS);
    const faultKinds: Fault[] = [
      ...(["invalidPageToken", "playlistNotFound", "emptyPage", "overlappingPage", "shrunkList"] as const),
      ...(["repeatedToken", "cyclingToken", "unavailable", "resetMiddle"] as const),
    ];
    await google.set({ faultRate: 0.5, faultKinds });
    const at = await place();
    for (let runs = 1; ; runs++) {
      const { open } = await run(at, UPLOADS);
      const { channels, ...rest } = await tablesOf(at.store);
      const isWhole = channels.every((channel) => channel.listingRefused === null);
      expect(open.channels.length === 0).toBe(isWhole);
      if (isWhole) {
        expect({ channels, ...rest }).toEqual(truth);
        break;
      }
      expect(runs).toBeLessThan(20);
    }
  }, 240_000);

  test.each<Fault>(["invalidPageToken", "playlistNotFound", "cyclingToken", "emptyPage"])(
    "%s for good leaves channels open, by name and within bounded calls; the next run completes them",
    async (fault) => {
      const truth = await truthOf(UPLOADS);
      const { report, home, store } = await collectedUnder(
        { scripted: [{ ...LATER, n: 1, fault, every: true }] },
        UPLOADS,
      );
      const long = truth.channels.filter(({ state, listed }) => state === "accepted" && listed > 50);
      expect(long.length).toBeGreaterThan(5);
      expect(new Set(report.open.channels.map(({ channelId }) => channelId))).toEqual(
        new Set(long.map(({ channelId }) => channelId)),
      );
      for (const { reason, listed, title } of report.open.channels) {
        expect(reason).toMatch(/invalidPageToken|playlistNotFound|circle|without end/);
        expect(listed).toBeGreaterThanOrEqual(50);
        expect(title).not.toBeNull();
      }
      expect(report.spent["playlistItems.list"]).toBeLessThanOrEqual(12 * (fault === "emptyPage" ? 24 : 8));
      const again = await run({ home, store }, UPLOADS);
      expect(again.open.channels.length).toBe(long.length);
      await google.set({ scripted: [] });
      expect((await run({ home, store }, UPLOADS)).open.channels).toEqual([]);
      expect(await tablesOf(store)).toEqual(truth);
    },
    240_000,
  );

  test("a channel that is gone between two pages ends with that reason, and is not left open", async () => {
    const truth = await truthOf(UPLOADS);
    const [channel] = truth.channels.filter(({ state, listed }) => state === "accepted" && listed > 100);
    const about = uploadsPlaylistOf(channel?.channelId ?? "");
    const { home, store } = await collectedUnder(
      { scripted: [{ ...LATER, n: 1, about, fault: "playlistNotFound", every: true }] },
      UPLOADS,
    );
    await google.set({ scripted: [], goneChannels: [channel?.channelId ?? ""] });
    const { open, spent } = await run({ home, store }, UPLOADS);
    expect([open.channels, spent["playlistItems.list"], spent["channels.list"]]).toEqual([[], 3, 1]);
    const ended = (await store.foundChannels()).find(({ channelId }) => channelId === channel?.channelId);
    expect(ended).toMatchObject({ listed: 50, listingEnded: "channel gone" });
  }, 120_000);

  test("a first page that is refused once or twice costs no channel", async () => {
    const truth = await truthOf(UPLOADS);
    const first = { method: "playlistItems.list", isLaterPage: false, fault: "playlistNotFound" as const };
    const [channel] = truth.channels.filter(({ state }) => state === "accepted");
    const about = uploadsPlaylistOf(channel?.channelId ?? "");
    const scripted = [1, 2].map((n) => ({ ...first, about, n }));
    expect((await collectedUnder({ scripted }, UPLOADS)).tables).toEqual(truth);
  }, 120_000);

  test("two collections at once into one store leave the tables of one, and both know that all is there", async () => {
    const truth = await truthOf(UPLOADS);
    const at = await place();
    const reports = await Promise.all([run(at, UPLOADS), run(at, UPLOADS)]);
    expect(reports.map(({ open }) => open.channels)).toEqual([[], []]);
    expect(await tablesOf(at.store)).toEqual(truth);
  }, 120_000);

  test("uploads out of the order of their time lose none that is recent enough, and few pages are read", async () => {
    const settings = { ...UPLOADS, perChannel: 1000, sinceDays: 150 };
    const inOrder = await collectedUnder({}, settings);
    const outOfOrder = await collectedUnder({ uploadsOutOfOrder: true }, settings);
    const idsOf = ({ tables }: { tables: Tables }) => new Set(tables.videos.map(({ videoId }) => videoId));
    expect(idsOf(outOfOrder)).toEqual(idsOf(inOrder));
    const since = now().getTime() - 150 * 86_400_000;
    expect(inOrder.tables.videos.every(({ publishedAt }) => publishedAt.getTime() >= since)).toBe(true);
    const pages = (run: typeof inOrder) => run.report.spent["playlistItems.list"];
    expect(pages(outOfOrder)).toBeLessThanOrEqual(pages(inOrder) + UPLOADS.channels);
    expect(outOfOrder.report.open.channels).toEqual([]);
  }, 120_000);
});

describe("a page of a search", () => {
  const search = { method: "search.list", isLaterPage: true };

  test.each<Fault>(["invalidPageToken", "emptyPage", "overlappingPage", "repeatedToken", "cyclingToken"])(
    "%s once leaves the channels of an undisturbed collection",
    async (fault) => {
      const truth = await truthOf(SEARCHES);
      // A page that is refused is asked for twice.
      const times = fault === "invalidPageToken" ? [1, 2] : [1];
      const scripted = times.map((n) => ({ ...search, n, fault }));
      const { report, tables } = await collectedUnder({ scripted }, SEARCHES);
      expect(report.open.searches).toEqual([]);
      expect(report.spent["search.list"]).toBeLessThanOrEqual(6);
      // Overlapping pages find fewer channels that are not needed.
      const accepted = ({ channels }: Tables) => channels.filter(({ state }) => state === "accepted");
      expect(accepted(tables)).toEqual(accepted(truth));
      expect(tables.videos).toEqual(truth.videos);
    },
    240_000,
  );

  test("refused for good, the query stays open by name, and the next run begins it anew", async () => {
    const truth = await truthOf(SEARCHES);
    const refused = { ...search, n: 1, fault: "invalidPageToken" as const, every: true };
    const { report, home, store } = await collectedUnder({ scripted: [refused] }, SEARCHES);
    expect(report.open.searches).toEqual([{ niche: "tech news", query: "tech news", reason: "invalidPageToken" }]);
    // The first page twice, and the second one four times.
    expect(report.spent["search.list"]).toBe(6);
    expect(report.counts.channels.accepted).toBeLessThan(SEARCHES.channels);
    await google.set({ scripted: [] });
    expect((await run({ home, store }, SEARCHES)).open.searches).toEqual([]);
    expect(await tablesOf(store)).toEqual(truth);
  }, 240_000);
});
