import { expect, test } from "vitest";
import { CollectSettings } from "../../lib/config/collect";
import type { FoundChannel, SearchPage } from "../../lib/store";
import { ChannelItem } from "../../lib/youtube/answers";
import { countWanted } from "../../lib/youtube/find-channels";
import { judge } from "../../lib/youtube/judge";
import { divideChannels, queriesOf } from "../../lib/youtube/niches";
import { RefusedSearches } from "../../lib/youtube/refused-searches";
import { nextSearch } from "../../lib/youtube/search";

const settings = CollectSettings.parse({ niches: ["tech", "gaming"], channels: 3 });
const AT = new Date("2026-11-28T12:00:00Z");

function found(place: number, changes: Partial<FoundChannel> = {}): FoundChannel {
  const known = { title: null, subscribers: null, uploads: null, listed: 0, nextPageToken: null };
  const listing = { listingEnded: null, listingRefused: null };
  return {
    channelId: `UC${place}`,
    niche: "tech",
    place,
    state: "found",
    reason: null,
    ...known,
    ...listing,
    ...changes,
  };
}

function item(changes: { snippet?: object; statistics?: object; contentDetails?: object } = {}): ChannelItem {
  return ChannelItem.parse({
    id: "UC",
    snippet: { title: "Channel", ...changes.snippet },
    statistics: { subscriberCount: "5000", hiddenSubscriberCount: false, videoCount: "200", ...changes.statistics },
    contentDetails: { relatedPlaylists: { uploads: "UU" }, ...changes.contentDetails },
  });
}

const reasonOf = (given: ChannelItem | null | undefined, language: string | null = "en") => {
  const items = new Map(given === undefined ? [] : [["UC1", given]]);
  return judge([found(1)], items, new Map([["tech", 9]]), { ...settings, language }, AT)[0]?.reason;
};

test.each<[string | null, ChannelItem | null | undefined]>([
  [null, item()],
  ["gone", undefined],
  ["unreadable details", null],
  ["too few subscribers", item({ statistics: { subscriberCount: "99" } })],
  ["subscribers hidden", item({ statistics: { subscriberCount: "0", hiddenSubscriberCount: true } })],
  ["subscribers hidden", item({ statistics: { subscriberCount: undefined } })],
  ["too few videos", item({ statistics: { videoCount: "9" } })],
  ["no uploads", item({ contentDetails: { relatedPlaylists: {} } })],
  ["no uploads", item({ contentDetails: { relatedPlaylists: { uploads: "" } } })],
  ["other language", item({ snippet: { defaultLanguage: "es-419", country: "US" } })],
  ["other country", item({ snippet: { country: "BR" } })],
  [null, item({ snippet: { defaultLanguage: "en-GB", country: "IN" } })],
  [null, item({ snippet: { country: "AU" } })],
  [null, item({ snippet: { defaultLanguage: "zxx", country: "US" } })],
  ["other country", item({ snippet: { defaultLanguage: "und", country: "BR" } })],
  [null, item({ snippet: { defaultLanguage: "und-US" } })],
  [null, item({ snippet: { defaultLanguage: "EN_gb" } })],
  [null, item({ snippet: { country: "no country" } })],
])("a channel is judged: %s", (reason, given) => {
  expect(reasonOf(given)).toBe(reason);
});

test("where every language is wanted, none is a reason", () => {
  expect(reasonOf(item({ snippet: { defaultLanguage: "ja" } }), null)).toBeNull();
});

test("channels are taken in order of place until the niche has its share; the rest stay undecided", () => {
  const channels = [found(1), found(2), found(3), found(4), found(5, { niche: "gaming" })];
  const items = new Map(channels.map(({ channelId }) => [channelId, item()]));
  items.set("UC2", item({ statistics: { subscriberCount: "1" } }));
  const wanted = new Map([
    ["tech", 2],
    ["gaming", 1],
  ]);
  expect(judge(channels, items, wanted, settings, AT).map(({ channelId, state }) => [channelId, state])).toEqual([
    ["UC1", "accepted"],
    ["UC2", "rejected"],
    ["UC3", "accepted"],
    ["UC5", "accepted"],
  ]);
  expect([...wanted.values()]).toEqual([0, 0]);
});

test("shares are as equal as can be, and what is accepted counts", () => {
  expect([...divideChannels(["a", "b", "c"], 8)]).toEqual([
    ["a", 3],
    ["b", 3],
    ["c", 2],
  ]);
  const channels = [found(1, { state: "accepted" }), found(2, { state: "rejected" }), found(3)];
  expect([...countWanted(channels, settings.niches, 3)]).toEqual([
    ["tech", 1],
    ["gaming", 1],
  ]);
});

const [first = "", second = ""] = queriesOf("tech");
const page = (query: string, at: number, nextPageToken: string | null): SearchPage => ({
  niche: "tech",
  query,
  page: at,
  nextPageToken,
  channelIds: [],
});

test("a niche's queries are searched one after the other, each to its end", () => {
  const next = (niche: string, pages: SearchPage[]) => nextSearch(niche, pages, new RefusedSearches());
  expect(next("tech", [])).toEqual({ niche: "tech", query: first, page: 0, pageToken: null });
  expect(next("tech", [page(first, 0, "T1")])).toMatchObject({ query: first, page: 1, pageToken: "T1" });
  expect(next("tech", [page(first, 0, null)])).toMatchObject({ query: second, page: 0, pageToken: null });
  const all = queriesOf("tech").map((query) => page(query, 0, null));
  expect(next("tech", all)).toBeNull();
  expect(next("chess", [])).toMatchObject({ query: "chess" });
});

test("a query that is refused begins once more, with tokens that may be the same, and then stays open", () => {
  const refused = new RefusedSearches();
  const pages = [page(first, 0, "T1"), page(first, 1, "T2")];
  const query = { niche: "tech", query: first };
  refused.refuse(query, "T2", "invalidPageToken");
  expect(refused.restartTime(query)).toBe("T2");
  expect(nextSearch("tech", pages, refused)).toEqual({ ...query, page: 0, pageToken: null });
  refused.begin(query);
  expect(nextSearch("tech", pages, refused)).toEqual({ ...query, page: 2, pageToken: "T2" });
  refused.refuse(query, "T2", "invalidPageToken");
  expect(nextSearch("tech", pages, refused)).toMatchObject({ query: second, page: 0 });
  expect(refused.open).toEqual([{ ...query, reason: "invalidPageToken" }]);
});
