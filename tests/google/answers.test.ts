import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, KEY, raw } from "./client";
import { YOUTUBE } from "./discovery";
import { deviations } from "./schema";
import { type GoogleStandIn, startGoogle } from "./start";
import { expectedChannels, expectedVideos, World } from "./world";

const NOW = "2026-11-02T18:00:00Z";
const AT = Date.parse(NOW);

let google: GoogleStandIn;
let copy: World;
beforeAll(async () => {
  google = await startGoogle({ now: NOW });
  copy = new World(google.options.world);
});
afterAll(() => google.stop());

const first = (kind: string) => expectedChannels(copy, AT).find((channel) => channel.kind === kind)!;

const WHOLE = {
  search: "part=snippet&type=channel&q=news&maxResults=20",
  channels: () =>
    `part=snippet,statistics,contentDetails,status,brandingSettings,topicDetails&id=${first("hidden").id},${first("foreign").id}`,
  playlistItems: () =>
    `part=snippet,contentDetails,status,id&maxResults=50&playlistId=${first("ordinary").uploadsPlaylistId}`,
  videos: () => {
    const ids = expectedVideos(copy, copy.channelAt(2).id, AT).slice(0, 20);
    return `part=snippet,contentDetails,statistics,status,liveStreamingDetails,player,topicDetails&id=${ids.map(({ id }) => id).join()}`;
  },
};

test.each(Object.entries(WHOLE))("%s answers what Google's discovery document describes", async (method, query) => {
  const path = `youtube/v3/${method}?key=${KEY}&${typeof query === "string" ? query : query()}`;
  const body: unknown = JSON.parse((await raw(google, path)).body.toString());
  const response = YOUTUBE.methods[`youtube.${method}.list`]!.response;
  expect((body as { items: unknown[] }).items.length).toBeGreaterThan(1);
  expect(deviations(body, { $ref: response }, YOUTUBE)).toEqual([]);
});

test("fields selects parts of an answer, in the documented syntax", async () => {
  const { uploadsPlaylistId: playlistId } = first("ordinary");
  const ask = async (fields: string) =>
    (
      await clientOf(google).playlistItems.list({
        part: ["snippet", "contentDetails"],
        playlistId,
        maxResults: 1,
        fields,
      })
    ).data;
  const [whole] = (await ask("*")).items ?? [];
  expect(whole?.snippet?.title).toBeTypeOf("string");
  const contentDetails = { videoId: whole?.contentDetails?.videoId };
  expect(await ask("items/contentDetails/videoId")).toEqual({ items: [{ contentDetails }] });
  expect(await ask("items(contentDetails(videoId),snippet/position),pageInfo/resultsPerPage")).toEqual({
    items: [{ contentDetails, snippet: { position: 0 } }],
    pageInfo: { resultsPerPage: 1 },
  });
  const url = { url: whole?.snippet?.thumbnails?.default?.url };
  const shown = (await ask("items/snippet/thumbnails/*/url")).items?.[0]?.snippet?.thumbnails;
  expect(Object.keys(shown ?? {}).length).toBeGreaterThanOrEqual(3);
  expect(shown?.default).toEqual(url);
});

test("answers are compressed where the client takes it, and 304 where it has them already", async () => {
  const path = `youtube/v3/search?part=snippet&type=channel&q=news&maxResults=20&key=${KEY}`;
  const plain = await raw(google, path);
  const packed = await raw(google, path, { headers: { "accept-encoding": "gzip" } });
  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(packed.body.length).toBeLessThan(plain.body.length / 3);
  const { etag } = JSON.parse(plain.body.toString()) as { etag: string };
  expect(etag).toHaveLength(27);
  expect((await raw(google, path, { headers: { "if-none-match": etag } })).status).toBe(304);
});
