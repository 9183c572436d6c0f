import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "../../lib/store";
import { openPglite } from "../../lib/store/pglite";
import { oldStore } from "../compatibility/old-store";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-upgrade-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LISTINGS = `
  insert into collect_channels (channel_id, place, niche, state, uploads, listed, next_page_token, listing_ended) values
    ('cut', 1, 'n', 'accepted', 'UU1', 50, null, 'invalidPageToken'),
    ('lost', 2, 'n', 'accepted', 'UU2', 100, null, 'playlistNotFound'),
    ('whole', 3, 'n', 'accepted', 'UU3', 70, null, 'exhausted'),
    ('old', 4, 'n', 'accepted', 'UU4', 30, null, 'older'),
    ('never', 5, 'n', 'accepted', 'UU5', 0, null, 'playlistNotFound'),
    ('under way', 6, 'n', 'accepted', 'UU6', 50, 'T1', null);
  insert into collect_searches values
    ('n', 'cut', 0, 'T1', '["cut"]'), ('n', 'cut', 1, null, '[]'),
    ('n', 'whole', 0, null, '["lost", "whole"]'), ('n', 'nothing', 0, null, '[]');`;

test("what version 2 cut for good is open again, once, and all else is as it was", async () => {
  const before = await openPglite(folder);
  await before.script(oldStore("store-2").schema);
  await before.script(LISTINGS);
  await before.close();

  const store = await openStore({ paths: { store: folder } });
  const channels = await store.foundChannels();
  expect(
    channels.map(({ channelId, listed, nextPageToken, listingEnded, listingRefused }) => [
      channelId,
      listed,
      nextPageToken,
      listingEnded,
      listingRefused,
    ]),
  ).toEqual([
    ["cut", 50, null, null, null],
    ["lost", 100, null, null, null],
    ["whole", 70, null, "exhausted", null],
    ["old", 30, null, "older", null],
    ["never", 0, null, "playlistNotFound", null],
    ["under way", 50, "T1", null, null],
  ]);
  expect((await store.searchPages()).map(({ query, page, nextPageToken }) => [query, page, nextPageToken])).toEqual([
    ["cut", 0, "T1"],
    ["nothing", 0, null],
    ["whole", 0, null],
  ]);
  const page = { channelId: "cut", pageToken: null, nextPageToken: null, refused: null, videoIds: ["v"], most: 51 };
  expect(await store.saveListing({ ...page, ended: "channel gone" })).toMatchObject({ saved: true, listed: 51 });
  await store.close();
  const again = await openStore({ paths: { store: folder } });
  expect((await again.foundChannels())[0]).toMatchObject({ listed: 51, listingEnded: "channel gone" });
  await again.close();
}, 60_000);
