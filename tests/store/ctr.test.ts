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

    test("engaged views add up to readings from a video's first day, where reports cover each day since", async () => {
      const store = await stores.empty();
      const [sample] = world(66);
      if (sample === undefined) throw new Error("empty world");
      const collectedAt = new Date(START + 20 * DAY_MS);
      const born = (videoId: string, day: number): Video => ({
        ...sample,
        videoId,
        publishedAt: new Date(START + day * DAY_MS + 5 * 3_600_000),
        collectedAt,
      });
      await store.upsertVideos([born("whole", 2), born("older", -5), born("gap", 3), born("unsaid", 2)]);
      const report = (day: number, made = day): CtrReport => ({
        ...reportOf(day, made, "a"),
        reportType: "channel_basic_a3",
      });
      const row = (videoId: string, day: number, engaged: number) => ({ day: dayOf(day), videoId, engaged });
      for (const day of [0, 1, 2, 3, 4, 6])
        await store.saveEngagedReport(report(day), [
          ...(day === 3 ? [] : [row("whole", day, 10 * day)]), // no row: nobody watched
          row("older", day, 5),
          row("gap", day, 7),
        ]);
      await store.saveEngagedReport(report(4, 7), [row("whole", 4, 41)]); // corrected, and without the others
      await store.saveCtrReport(reportOf(5), []); // another type covers nothing
      const readings = await stores.connection.query<{ id: string; at: number; views: number }>(
        "select video_id as id, extract(epoch from collected_at)::float8 as at, views::float8 as views from engaged_readings() order by 1, 2",
      );
      const end = (day: number) => (START + (day + 1) * DAY_MS) / 1000;
      expect(readings).toEqual([
        { id: "gap", at: end(3), views: 7 },
        { id: "gap", at: end(4), views: 7 },
        { id: "whole", at: end(2), views: 20 },
        { id: "whole", at: end(3), views: 20 },
        { id: "whole", at: end(4), views: 61 },
      ]);
      expect(await store.ctrCoverage()).toMatchObject({ reports: 1, videos: 0 });
      expect((await store.storedCtrReports())[0]).toEqual(report(0));
      await store.forgetCtr();
      expect(await stores.connection.query("select from engaged_readings()")).toEqual([]);
    });
  });
}
