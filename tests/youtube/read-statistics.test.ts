import { afterEach, expect, test } from "vitest";
import { json, type Service, serve, youtubeAt } from "./service";

let service: Service | undefined;
afterEach(() => service?.close());

const statistics = { viewCount: "12345", likeCount: "100", commentCount: "7" };
const read = {
  videoId: "a",
  collectedAt: new Date("2026-11-28T12:00:00Z"),
  views: 12345,
  likes: 100,
  comments: 7,
  durationSeconds: 253,
};

async function answered(...items: unknown[]) {
  service = await serve(json(200, { kind: "youtube#batchGetStatsResponse", items }));
  const { youtube, ledger } = youtubeAt(service.url);
  return { answer: await youtube.readStatistics(["a", "b"]), ledger, requests: service.requests };
}

test("one call of videos.batchGetStats reads statistics, from a bucket of its own", async () => {
  const { answer, ledger, requests } = await answered({ id: "a", statistics, contentDetails: { duration: "253s" } });
  expect(answer).toEqual({ read: [read] });
  expect(ledger.spent).toEqual(new Map([["2026-11-28 statistics", 1]]));
  expect(requests.map(({ path, parameters }) => [path, parameters.get("id")])).toEqual([
    ["/youtube/v3/videos:batchGetStats", "a,b"],
  ]);
});

test.each([
  ["253s", 253],
  ["253.400s", 253],
  ["PT4M13S", 253],
  ["0s", null],
  ["soon", null],
])("a duration of %s is %s", async (duration, durationSeconds) => {
  const { answer } = await answered({ id: "a", statistics, contentDetails: { duration } });
  expect(answer).toEqual({ read: [{ ...read, durationSeconds }] });
});

test("hidden counts are null; without views, or not asked for, a video is left out", async () => {
  const { answer } = await answered(
    { id: "a", statistics: { viewCount: "12345" } },
    { id: "b", statistics: { likeCount: "1" } },
    { id: "c", statistics },
    { statistics },
  );
  expect(answer).toEqual({ read: [{ ...read, likes: null, comments: null, durationSeconds: null }] });
});
