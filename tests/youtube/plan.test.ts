import { expect, test } from "vitest";
import { CollectSettings } from "../../lib/config/collect";
import type { FoundChannel } from "../../lib/store";
import { freshState, makePlan } from "../../lib/youtube";

const LIMITS = { search: 100, units: 10_000 };
const guide = CollectSettings.parse({});

const channel = (place: number, changes: Partial<FoundChannel>): FoundChannel => ({
  channelId: `UC${place}`,
  niche: "tech",
  place,
  state: "accepted",
  reason: null,
  title: null,
  subscribers: 1,
  uploads: "UU",
  listed: 0,
  nextPageToken: null,
  listingEnded: null,
  listingRefused: null,
  ...changes,
});

test("the guide's collection is some 30 searches and 8,550 units: one day", () => {
  const { searches, units, days, videos } = makePlan(guide, freshState(LIMITS), LIMITS);
  expect({ searches, units, days, videos }).toEqual({
    searches: 30,
    units: 30 + 4500 + 4020,
    days: 1,
    videos: 201_000,
  });
});

test("days count what is spent today, in both buckets", () => {
  const days = (left: typeof LIMITS, limits = LIMITS) => makePlan(guide, freshState(left), limits).days;
  expect(days({ search: 100, units: 8550 })).toBe(1);
  expect(days({ search: 100, units: 8549 })).toBe(2);
  expect(days({ search: 0, units: 10_000 })).toBe(1);
  expect(days({ search: 10, units: 10_000 }, { search: 10, units: 10_000 })).toBe(3);
  expect(days({ search: 0, units: 0 }, { search: 0, units: 0 })).toBe(Number.POSITIVE_INFINITY);
});

test("what is done is not planned again, and searches go on to yield what they did", () => {
  const settings = CollectSettings.parse({ niches: ["tech"], channels: 100, perChannel: 100 });
  const channels = [
    ...Array.from({ length: 40 }, (_, at) => channel(at, { listed: 100 })),
    channel(40, { listed: 50, nextPageToken: "T" }),
    channel(41, { listed: 10, listingEnded: "exhausted" }),
    ...Array.from({ length: 42 }, (_, at) => channel(50 + at, { state: "rejected" })),
    ...Array.from({ length: 16 }, (_, at) => channel(100 + at, { state: "found" })),
  ];
  const { counts } = freshState(LIMITS);
  const state = {
    channels,
    left: LIMITS,
    counts: { ...counts, searches: 2, videos: { ...counts.videos, listed: 70 } },
  };
  // 58 channels are missing, half of those judged are taken: 116 to judge, 100 of them to be found by 50 a search.
  const videos = 58 * 100 + 50 + 70;
  const units = Math.ceil(116 / 50) + 58 * 2 + 1 + Math.ceil(videos / 50);
  expect(makePlan(settings, state, LIMITS)).toMatchObject({ searches: 2, units, days: 1, videos });
});

test("nothing is left to do where all is done", () => {
  const settings = CollectSettings.parse({ niches: ["tech"], channels: 1, perChannel: 10 });
  const state = { ...freshState(LIMITS), channels: [channel(1, { listed: 10 })] };
  expect(makePlan(settings, state, LIMITS)).toMatchObject({ searches: 0, units: 0, days: 0, videos: 0 });
});
