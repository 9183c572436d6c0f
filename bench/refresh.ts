// npm run bench refresh [-- --videos 200000 --json FILE]
// Refreshes as many collected videos against the stand-in of Google's APIs, which runs in a process of its own: each
// 50 must cost a call of videos.batchGetStats, and nothing of the quota that collection needs.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { durationSeconds } from "../lib/base/duration";
import { finish } from "../lib/base/progress";
import { openStore, type Video } from "../lib/store";
import { refresh } from "../lib/youtube";
import { startGoogle } from "../tests/google/start";
import { type ExpectedVideo, expectedChannels, expectedVideos, GUIDE_WORLD, World } from "../tests/google/world";
import { collectInto } from "../tests/store/collected";
import { conclude, count } from "./long/verdict";

const COLLECTED = new Date("2026-11-02T20:00:00Z");
const REFRESHED = new Date("2026-11-12T20:00:00Z");
const IDS_PER_CALL = 50;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { videos: { type: "string", default: "200000" }, json: { type: "string" } },
  });
  const videos = count("videos", values.videos);
  const { spent, seconds, read } = await measure(videos);
  console.log(`${read} videos read again in ${seconds.toFixed(0)} s, ${(read / seconds).toFixed(0)} a second`);
  for (const [bucket, units] of Object.entries(spent)) console.log(`  ${bucket}: ${units}`);
  const calls = Math.ceil(videos / IDS_PER_CALL);
  const failures = [
    ...(read === videos ? [] : [`${videos} videos were collected, ${read} read again`]),
    ...(spent.statistics === calls ? [] : [`${spent.statistics} calls of videos.batchGetStats, not ${calls}`]),
    ...(spent.units === 0 ? [] : [`${spent.units} units of the quota that collection needs`]),
  ];
  await conclude(
    { check: `refresh of ${videos} videos`, settings: { videos }, facts: { spent, seconds }, failures },
    values.json,
  );
}

async function measure(videos: number) {
  const google = await startGoogle({ world: GUIDE_WORLD, now: REFRESHED.toISOString() });
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  const store = await openStore({ paths: { store: join(folder, "store") } });
  try {
    await collectInto(store, collectedVideos(new World(google.options.world), videos));
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; // the stand-in's certificate is its own
    const environment = { YOUTUBE_API_KEY: google.options.apiKeys[0]?.key, YOUTUBE_ROOT_URL: google.rootUrl };
    const begun = performance.now();
    const before = new Date(COLLECTED.getTime() + 1);
    const report = await finish(refresh({ store, before, environment, now: () => REFRESHED }));
    const seconds = (performance.now() - begun) / 1000;
    const spent = { search: 0, units: 0, statistics: 0 };
    for (const { bucket, cost } of await google.ledger()) spent[bucket] += cost;
    return { spent, seconds, read: report.videos - report.removed - report.skipped };
  } finally {
    await store.close();
    await google.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first videos of the world that a collection would have stored. @throws RangeError if there are not so many */
function collectedVideos(world: World, count: number): Video[] {
  const videos: Video[] = [];
  for (const { id, kind } of expectedChannels(world, COLLECTED.getTime())) {
    if (kind !== "ordinary") continue;
    for (const video of expectedVideos(world, id, COLLECTED.getTime())) {
      if (video.views === undefined || video.isLive) continue;
      videos.push(toVideo(video, video.views));
      if (videos.length === count) return videos;
    }
  }
  throw new RangeError(`the stand-in has ${videos.length} videos, fewer than ${count}`);
}

const toVideo = ({ id, duration, language, ...video }: ExpectedVideo, views: number): Video => ({
  videoId: id,
  channelId: video.channelId,
  channelTitle: "Channel",
  title: video.title,
  publishedAt: video.publishedAt,
  collectedAt: COLLECTED,
  views,
  durationSeconds: durationSeconds(duration) ?? null,
  likes: video.likes ?? null,
  comments: video.comments ?? null,
  subscribers: null,
  language: language ?? null,
  niche: "tech",
  picture: null,
  trueCtr: null,
});

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
