import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../lib/base/random";
import type { CtrReport, CtrRow, Video } from "../../lib/store";
import { collect, KINDS, type Stores } from "./stores";
import { worldOf } from "./world";

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 9, 1, 7);
const reportOf = (day: number, made = day, jobId = "job"): CtrReport => ({
  reportId: `${jobId}-${day}-${made}`,
  jobId,
  startTime: new Date(START + day * DAY_MS),
  endTime: new Date(START + (day + 1) * DAY_MS),
  createTime: new Date(START + (made + 2) * DAY_MS),
});
const dayOf = (day: number) => new Date(START + day * DAY_MS).toISOString().slice(0, 10);
const rowOf = (day: number, video: Video, impressions: number, ctr: number): CtrRow => ({
  day: dayOf(day),
  channelId: video.channelId,
  videoId: video.videoId,
  impressions,
  ctr,
});
const world = (seed: number) => worldOf(seed).map((video) => ({ ...video, trueCtr: null }));

for (const { kind, absent, make } of KINDS) {
  describe.skipIf(absent)(kind, () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await make();
    });
    afterAll(() => stores?.end());

    const ctrs = async (store: { videos(): AsyncIterable<Video> }) =>
      new Map((await collect(store.videos())).map(({ videoId, trueCtr }) => [videoId, trueCtr]));

    test("a video's true CTR is the mean of its days weighted by impressions, where it has enough", async () => {
      const store = await stores.empty();
      const videos = world(61);
      await store.upsertVideos(videos);
      const source = random("ctr");
      const sums = new Map<string, { impressions: number; clicks: number }>();
      for (let day = 0; day < 5; day++) {
        const rows = videos
          .filter(() => source.uniform() < 0.6)
          .map((video) => rowOf(day, video, source.integer(120), source.uniform() / 5));
        for (const { videoId, impressions, ctr } of rows) {
          const { impressions: before = 0, clicks = 0 } = sums.get(videoId) ?? {};
          sums.set(videoId, { impressions: before + impressions, clicks: clicks + impressions * ctr });
        }
        await store.saveCtrReport(reportOf(day), rows);
      }
      const enough = [...sums.values()].filter(({ impressions }) => impressions >= 150).length;
      expect(await store.applyCtr(150)).toEqual({ videos: enough, few: sums.size - enough, unknown: 0 });
      expect(enough).toBeGreaterThan(20);
      for (const [videoId, ctr] of await ctrs(store)) {
        const { impressions, clicks } = sums.get(videoId) ?? { impressions: 0, clicks: 0 };
        if (impressions < 150) expect(ctr).toBeNull();
        else expect(ctr).toBeCloseTo(clicks / impressions, 10);
      }
      expect(await store.ctrCoverage()).toEqual({
        reports: 5,
        firstDay: dayOf(0),
        lastDay: dayOf(4),
        videos: sums.size,
        rated: enough,
      });
    });

    test("storing reports again, and in thousands of rows, changes nothing", async () => {
      const store = await stores.empty();
      const [video] = world(62);
      if (video === undefined) throw new Error("empty world");
      const rows = Array.from({ length: 4500 }, (_, n) => ({ ...rowOf(0, video, n, 0.1), videoId: `v${n}` }));
      for (let time = 0; time < 2; time++) {
        await store.saveCtrReport(reportOf(0), rows);
        expect(await store.ctrCoverage()).toMatchObject({ reports: 1, videos: 4500 });
      }
      expect(await store.storedCtrReports()).toEqual([reportOf(0)]);
      expect(await store.applyCtr(100)).toEqual({ videos: 0, few: 0, unknown: 4500 });
    });

    test("of two reports of one day the later made counts whole, whichever is stored first", async () => {
      const [a, b] = world(63);
      if (a === undefined || b === undefined) throw new Error("empty world");
      const earlier = { report: reportOf(0), rows: [rowOf(0, a, 1000, 0.1), rowOf(0, b, 1000, 0.1)] };
      const corrected = { report: reportOf(0, 3), rows: [rowOf(0, a, 500, 0.05)] };
      for (const order of [
        [earlier, corrected],
        [corrected, earlier],
      ]) {
        const store = await stores.empty();
        await store.upsertVideos([a, b]);
        for (const { report, rows } of order) await store.saveCtrReport(report, rows);
        expect(await store.applyCtr(100)).toEqual({ videos: 1, few: 0, unknown: 0 });
        expect(await ctrs(store)).toEqual(
          new Map([
            [a.videoId, 0.05],
            [b.videoId, null],
          ]),
        );
      }
    });

    test("a report whose rows fail half-way is not stored, and storing it again completes it", async () => {
      const store = await stores.empty();
      const [video] = world(64);
      if (video === undefined) throw new Error("empty world");
      const rows = Array.from({ length: 4500 }, (_, n) => ({ ...rowOf(0, video, 200, 0.1), videoId: `v${n}` }));
      async function* broken() {
        yield* rows.slice(0, 3000);
        throw new Error("cut");
      }
      await expect(store.saveCtrReport(reportOf(0), broken())).rejects.toThrow("cut");
      expect(await store.storedCtrReports()).toEqual([]);
      await store.saveCtrReport(reportOf(0), rows);
      expect(await store.ctrCoverage()).toMatchObject({ reports: 1, videos: 4500 });
    });

    test("a higher threshold takes back what reports gave, never a rate that was imported", async () => {
      const store = await stores.empty();
      const [a, b, c] = world(65);
      if (a === undefined || b === undefined || c === undefined) throw new Error("empty world");
      await store.upsertVideos([a, { ...b, trueCtr: 0.09 }, c]);
      await store.saveCtrReport(reportOf(0), [rowOf(0, a, 300, 0.1), rowOf(0, b, 50, 0.2), rowOf(0, c, 900, 0.3)]);
      await store.applyCtr(100);
      expect(await ctrs(store)).toEqual(
        new Map(
          [
            [a.videoId, 0.1],
            [b.videoId, 0.09],
            [c.videoId, 0.3],
          ].sort() as [string, number][],
        ),
      );
      expect(await store.applyCtr(500)).toEqual({ videos: 1, few: 2, unknown: 0 });
      expect((await ctrs(store)).get(a.videoId)).toBeNull();
      expect((await ctrs(store)).get(b.videoId)).toBe(0.09);
      await store.forgetCtr();
      expect([...(await ctrs(store)).values()].filter((ctr) => ctr !== null)).toEqual([0.09]);
      expect(await store.ctrCoverage()).toEqual({ reports: 0, firstDay: null, lastDay: null, videos: 0, rated: 0 });
    });
  });
}
