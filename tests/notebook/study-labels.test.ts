import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { byTenthOfTime, settingsOf, studyLabels } from "../../lib/notebook";
import type { VideoLabels } from "../../lib/store";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-labels-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test("tenths are of each channel's own order of upload", () => {
  const videos = Array.from({ length: 60 }, (_, number): VideoLabels => {
    const place = Math.floor(number / 2); // of 30 in its channel, which come in turn
    return {
      channelId: `channel${number % 2}`,
      countUnit: "engaged",
      publishedAt: new Date(Date.UTC(2026, number % 2, 1) + place * 3_600_000),
      ageHours: 1000 - place,
      proxies: { viewsPerHour: place, ageAdjusted: 1, residual: 0, snapshots: null },
      ctrTargets: { neighbours: 0.5, channel: place / 30 },
    };
  }).reverse();
  const { x, y } = byTenthOfTime(videos, ({ proxies }) => proxies.viewsPerHour ?? Number.NaN);
  expect(x).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(y).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25, 28]);
});

test("a table is studied without pictures, by its own names of columns", async () => {
  const rows = Array.from({ length: 60 }, (_, number) => {
    const published = new Date(Date.UTC(2026, 0, 1 + Math.floor(number / 3))).toISOString();
    return `video${String(number).padStart(6, "0")},UC${number % 3},Title,${published},${5000 + 100 * number},2026-03-01T00:00:00Z`;
  });
  const file = join(home, "videos.csv");
  await writeFile(file, ["video_id,channel_id,title,published_at,views,snapshot_utc", ...rows].join("\n"));
  const settings = settingsOf("smoke", { home });
  const study = await finish(studyLabels(settings, file, { collected_at: "snapshot_utc" }));
  expect(study.source).toBe(`the videos of ${file}`);
  expect(study.videos).toHaveLength(60);
  expect(study.trends.find(({ name }) => name === "channel")?.uploadTime.mean.value).toBeGreaterThan(0.9);
});
