import { afterEach, expect, test } from "vitest";
import { BODIES } from "./bodies";
import { json, type Reply, type Service, serve, videoItem, youtubeAt } from "./service";

let service: Service | undefined;
afterEach(() => service?.close());

async function read(...items: Record<string, unknown>[]) {
  service = await serve(json(200, { items }));
  return youtubeAt(service.url).youtube.readVideos(items.map(({ id }) => String(id)));
}

test("a video is read with its pictures, largest first", async () => {
  const { read: readings, absent } = await read(videoItem("aaaaaaaaaaa"));
  expect(absent).toEqual([]);
  expect(readings).toEqual([
    {
      video: {
        videoId: "aaaaaaaaaaa",
        channelId: "UCchannel",
        channelTitle: "Channel",
        title: "Video aaaaaaaaaaa",
        publishedAt: new Date("2026-10-01T10:00:00Z"),
        collectedAt: new Date("2026-11-28T12:00:00Z"),
        views: 12345,
        durationSeconds: 253,
        likes: 100,
        comments: 7,
        subscribers: null,
        language: "en-US",
        niche: null,
        picture: null,
        trueCtr: null,
      },
      thumbnailUrls: ["maxresdefault", "hqdefault", "default"].map(
        (name) => `https://i.ytimg.com/vi/aaaaaaaaaaa/${name}.jpg`,
      ),
    },
  ]);
});

test("the smallest picture of at least 1280 comes first, then larger ones, then smaller ones, of unknown names too", async () => {
  const sizes = { uhd: 3840, default: 120, fhd: 1920, medium: 320, maxres: 1280, qhd: 2560, huge: 1600, small: 200 };
  const url = (name: string) => `https://i.ytimg.com/vi/a/${name}.jpg`;
  const order = async (names: [string, number | undefined][]) => {
    const thumbnails = Object.fromEntries(names.map(([name, width]) => [name, { url: url(name), width }]));
    const { read: readings } = await read(
      videoItem("a", { snippet: { publishedAt: "2026-10-01T10:00:00Z", channelId: "UC", title: "T", thumbnails } }),
    );
    await service?.close();
    return readings[0]?.thumbnailUrls.map((each) => each.slice(url("").length - 4, -4));
  };
  expect(await order(Object.entries(sizes))).toEqual([
    "maxres",
    "huge",
    "fhd",
    "qhd",
    "uhd",
    "medium",
    "small",
    "default",
  ]);
  const unsaid = ["uhd", "standard", "fhd", "unknown", "high"].map((name): [string, undefined] => [name, undefined]);
  expect(await order(unsaid)).toEqual(["fhd", "uhd", "standard", "high", "unknown"]);
});

test("what is not said is null", async () => {
  const bare = videoItem("a", { statistics: { viewCount: "0" }, contentDetails: { duration: "P0D" } });
  const { read: readings } = await read({
    ...bare,
    snippet: { publishedAt: "2026-10-01T10:00:00Z", channelId: "UC", title: "T" },
  });
  expect(readings[0]?.video).toMatchObject({
    views: 0,
    durationSeconds: null,
    likes: null,
    comments: null,
    language: null,
    channelTitle: null,
  });
  expect(readings[0]?.thumbnailUrls).toEqual([]);
});

test("streams that have not ended, hidden views and spoilt items are left out with a reason; an ended stream is a video", async () => {
  const snippet = (liveBroadcastContent: string) => ({ ...(videoItem("x").snippet as object), liveBroadcastContent });
  const stream = { actualStartTime: "2026-10-01T10:00:00Z" };
  const { read: readings, absent } = await read(
    videoItem("live", { snippet: snippet("live"), liveStreamingDetails: stream }),
    videoItem("upcoming", { snippet: snippet("upcoming") }),
    videoItem("unsaid", { liveStreamingDetails: stream }),
    videoItem("ended", { liveStreamingDetails: { ...stream, actualEndTime: "2026-10-01T12:00:00Z" } }),
    videoItem("hidden", { statistics: {} }),
    videoItem("spoilt", { snippet: { title: 7 } }),
  );
  expect(readings.map(({ video }) => video.videoId)).toEqual(["ended"]);
  expect(absent.map(({ videoId, state, reason }) => [videoId, state, reason])).toEqual([
    ["live", "skipped", "live"],
    ["upcoming", "skipped", "upcoming"],
    ["unsaid", "skipped", "live"],
    ["hidden", "skipped", "no view count"],
    ["spoilt", "skipped", "unreadable details"],
  ]);
});

test("what does not come back is removed, what was not asked for is ignored", async () => {
  service = await serve(json(200, { items: [videoItem("b"), videoItem("stranger")] }));
  const { read: readings, absent } = await youtubeAt(service.url).youtube.readVideos(["a", "b", "c"]);
  expect(readings.map(({ video }) => video.videoId)).toEqual(["b"]);
  expect(absent.map(({ videoId, state }) => [videoId, state])).toEqual([
    ["a", "removed"],
    ["c", "removed"],
  ]);
});

test("a video for which the whole call is refused is found by halves, and skipped alone", async () => {
  const answer: Reply = (response, request) => {
    const ids = new URL(request.url ?? "", "http://x").searchParams.get("id")?.split(",") ?? [];
    const reply = ids.includes("v17")
      ? json(404, BODIES.videoNotFound)
      : json(200, { items: ids.map((id) => videoItem(id)) });
    reply(response, request);
  };
  service = await serve(answer);
  const ids = Array.from({ length: 50 }, (_, at) => `v${at}`);
  const { read: readings, absent } = await youtubeAt(service.url).youtube.readVideos(ids);
  expect(readings.map(({ video }) => video.videoId)).toEqual(ids.filter((id) => id !== "v17"));
  expect(absent).toEqual([{ videoId: "v17", state: "skipped", reason: "videoNotFound" }]);
  expect(service.requests.length).toBeLessThan(16);
});

test.each([
  ["zxx", "en-GB", "en-GB"],
  ["und", "de", "de"],
  ["zxx-US", "en", "en"],
  ["UND", "en", "en"],
  ["mul", undefined, null],
  ["mis", "zxx", null],
  ["", "fr", "fr"],
  ["not a language", "fr", "fr"],
  ["eng_us", "de", "en-US"],
  ["es-419", "en", "es-419"],
  ["iw", "en", "he"],
])("spoken %s and written %s is %s: what names no language hides none", async (spoken, written, expected) => {
  const item = videoItem("a");
  const snippet = { ...(item.snippet as object), defaultAudioLanguage: spoken, defaultLanguage: written };
  const { read: readings } = await read({ ...item, snippet });
  expect(readings[0]?.video.language).toBe(expected);
});
