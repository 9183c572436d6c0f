import { createHash } from "node:crypto";
import { random } from "../../lib/base/random";
import type { Video } from "../../lib/store";

const HOUR_MS = 3_600_000;
const COLLECTED = new Date(Date.UTC(2026, 5, 1));
const NICHES = ["tech", "gaming", "education", "cooking", "travel", "music"];

/**
 * Generated rows: channels of very different sizes (log-normal, as real ones are), all videos within the 90 days of the
 * quality rules, so that nothing makes the pairs fewer than they can be.
 */
export function* generatedVideos(videos: number, channels: number, seed: number): Generator<Video> {
  const source = random("bench pairs", seed);
  const weights = Array.from({ length: channels }, () => Math.exp(0.8 * source.normal()));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let made = 0;
  let weighed = 0;
  for (const [channel, weight] of weights.entries()) {
    weighed += weight;
    const level = 7 + source.normal();
    for (; made < Math.round((videos * weighed) / total); made++) {
      const ageHours = 48 + source.uniform() * (88 * 24 - 48);
      const views = Math.round(1000 + Math.exp(level + source.normal()) * ageHours ** 0.5);
      yield videoOf(made, channel, new Date(COLLECTED.getTime() - Math.round(ageHours * HOUR_MS)), views);
    }
  }
}

function videoOf(number: number, channel: number, publishedAt: Date, views: number): Video {
  return {
    videoId: createHash("sha1").update(`video ${number}`).digest("base64url").slice(0, 11),
    channelId: `UC${createHash("sha1").update(`channel ${channel}`).digest("base64url").slice(0, 22)}`,
    channelTitle: `Channel ${channel}`,
    title: `Generated video ${number} with a title of a usual length`,
    publishedAt,
    collectedAt: COLLECTED,
    views,
    durationSeconds: 600,
    likes: null,
    comments: null,
    subscribers: 10_000,
    language: "en",
    niche: NICHES[channel % NICHES.length] ?? null,
    picture: { sha256: createHash("sha256").update(String(number)).digest("hex"), format: "jpeg" },
    trueCtr: null,
  };
}
