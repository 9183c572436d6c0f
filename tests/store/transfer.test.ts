import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { finish, type Progress } from "../../lib/base/progress";
import { type CopiedTable, copyStore, type EncoderIdentity, type Store } from "../../lib/store";
import type { Database } from "../../lib/store/database";
import { sqlDatabase } from "../../lib/store/database-store";
import { computeChecksum, listTables, toHex } from "../../lib/store/transfer/checksum";
import { buildOptions } from "./options";
import { collect, KINDS, type Stores } from "./stores";
import { worldOf } from "./world";

const image: EncoderIdentity = {
  kind: "image",
  model: "descriptor",
  revision: "1|2",
  preprocessing: "p",
  normalisation: "l2",
  dimensions: 3,
};
const identities: EncoderIdentity[] = [image, { ...image, revision: "1" }, { ...image, kind: "text", dimensions: 2 }];

/** More than a page in every larger table, several vectors of every identity, and text that COPY and JSON must escape. */
async function fill(store: Store): Promise<void> {
  const world = worldOf(71, 40, 30).map((video, index) => ({ ...video, title: `${index}\\N\t\\.\n"😀" \\\\` }));
  await store.upsertVideos(world);
  await store.upsertVideos(
    world.map((video) => ({ ...video, collectedAt: new Date(video.collectedAt.getTime() + 1) })),
  );
  await store.buildPairs(buildOptions({ quality: { minViews: 20, minChannelVideos: 2, minSubscribers: 0 } }));
  for (const { dimensions, ...identity } of identities) {
    await store.saveEmbeddings(
      { ...identity, dimensions },
      world.slice(0, 250).map(({ videoId }, index) => ({
        videoId,
        values: Float32Array.from({ length: dimensions }, (_, at) => (at - 1) / (index + 3)),
      })),
    );
  }
  const metrics = { test: { value: 0.1, low: 1e-7, high: 1e21 } };
  await store.saveEvaluation({ model: "m", evaluatedAt: new Date(1e12 + 1), dataHash: "h", metrics });
  await store.spendQuota({ day: "2026-11-28", bucket: "units", method: "videos.list", units: 1, limit: 10 });
  await store.saveSearchPage({ niche: "n", query: "q", page: 0, nextPageToken: null, channelIds: ["c1", "c2"] });
  const judged = { state: "accepted", reason: null, title: "t", subscribers: 1, uploads: "u" } as const;
  await store.judgeChannels([{ channelId: "c1", ...judged, readAt: new Date(1e12) }]);
  const listing = { channelId: "c1", pageToken: null, nextPageToken: null, ended: "end", refused: null, most: 9 };
  await store.saveListing({ ...listing, videoIds: ["v1", "v2"] });
  const times = { startTime: new Date(1e12), endTime: new Date(1e12 + 1), createTime: new Date(1e12 + 2) };
  const rows = world.slice(0, 30).map(({ videoId, channelId }, index) => ({
    day: "2026-11-28",
    videoId,
    channelId,
    impressions: 100 + index,
    ctr: 1 / (index + 3),
  }));
  await store.saveCtrReport({ reportId: "r", jobId: "j", ...times }, rows);
  const engaged = rows.map(({ day, videoId }, index) => ({ day, videoId, engaged: index }));
  await store.saveEngagedReport({ reportId: "e", jobId: "k", reportType: "channel_basic_a3", ...times }, engaged);
  await store.applyCtr(1);
}

/** Rows that only larger undertakings leave: a build from readings, a purge. */
const LEFT_BEHIND = `
  insert into snapshot_rates select video_id, views / 7.0, ln(views + 1) from thumbnails limit 20;
  insert into orphaned_pictures select distinct on (picture_sha256) picture_sha256, picture_format from thumbnails
    where picture_sha256 is not null limit 20`;

const copied = (from: Database, to: Database, show?: (progress: Progress) => void): Promise<CopiedTable[]> =>
  finish(copyStore(from, to), show);
const written = (tables: CopiedTable[]): number => tables.reduce((sum, table) => sum + table.written, 0);
const differing = (tables: CopiedTable[]): string[] => tables.filter(({ equal }) => !equal).map(({ table }) => table);

describe.skipIf(KINDS[2]?.absent)("between PGlite, PostgreSQL and Supabase", () => {
  const kinds: Stores[] = [];
  const database = (index: number): Database => {
    const stores = kinds[index];
    if (stores === undefined) throw new Error("no such store");
    return stores.database();
  };
  const pglite = 0;
  const postgres = 1;
  const supabase = 2;
  beforeAll(async () => {
    for (const { make } of KINDS) kinds.push(await make());
    for (const stores of kinds) await stores.empty();
    await fill(await (kinds[pglite] as Stores).another());
    await (kinds[pglite] as Stores).connection.script(LEFT_BEHIND);
  });
  afterAll(async () => {
    for (const stores of kinds) await stores.end();
  });

  test("a copy holds the same rows of every table, over every way, and a second one writes nothing", async () => {
    const facts: Progress[] = [];
    const first = await copied(database(pglite), database(postgres), (fact) => facts.push(fact));
    expect(differing(first)).toEqual([]);
    expect(first.filter(({ from }) => from === 0)).toEqual([]);
    expect(first.filter(({ from, to, written }) => from !== to || from !== written)).toEqual([]);
    for (const name of ["thumbnails", "view_snapshots", "training_pairs"]) {
      expect(first.find(({ table }) => table === name)?.from).toBeGreaterThan(1000);
    }
    expect(facts.filter(({ done, total }) => total === undefined || done > total)).toEqual([]);
    const onwards = await copied(database(postgres), database(supabase));
    expect(onwards.map(({ toChecksum }) => toChecksum)).toEqual(first.map(({ fromChecksum }) => fromChecksum));
    for (const [from, to] of [
      [pglite, postgres],
      [postgres, supabase],
      [supabase, pglite],
    ] as const) {
      const again = await copied(database(from), database(to));
      expect([differing(again), written(again)]).toEqual([[], 0]);
    }
    const ends = await Promise.all(
      [kinds[pglite], kinds[supabase]].map(async (stores) => {
        const store = await (stores as Stores).another();
        const vectors = await Promise.all(identities.map((identity) => collect(store.embeddings(identity))));
        return { videos: await collect(store.videos()), pairs: await collect(store.pairs()), vectors };
      }),
    );
    expect(ends[1]).toEqual(ends[0]);
  });

  test.each([
    ["Supabase to PostgreSQL, by COPY from pages", supabase, postgres, false],
    ["Supabase to PGlite, in pages", supabase, pglite, false],
    ["PostgreSQL to PostgreSQL, by COPY alone", postgres, supabase, true],
  ])("rows that differ are written again, and no others: %s", async (_, from, to, bySql) => {
    const target = kinds[to] as Stores;
    await target.empty();
    const into = bySql ? sqlDatabase(target.connection) : target.database();
    await copied(database(from), into);
    await target.connection.script(`
      update thumbnails set title = 'other' where video_id = (select max(video_id) from thumbnails);
      delete from embeddings where video_id = (select min(video_id) from embeddings);
      update view_snapshots set views = views + 1 where views = (select max(views) from view_snapshots)`);
    const again = await copied(database(from), into);
    expect(differing(again)).toEqual([]);
    const touched = again.filter((table) => table.written > 0).map(({ table }) => table);
    expect(touched).toEqual(["thumbnails", "view_snapshots", "embeddings"]);
  });

  test("a copy that is cut off goes on with what is missing", async () => {
    const target = kinds[supabase] as Stores;
    await target.empty();
    for await (const { stage } of copyStore(database(pglite), database(supabase)))
      if (stage === "copy embeddings") break;
    const rest = await copied(database(pglite), database(supabase));
    expect(differing(rest)).toEqual([]);
    const whole = rest.filter((table) => table.written === 0).map(({ table }) => table);
    expect(whole).toEqual(expect.arrayContaining(["channels", "thumbnails", "view_snapshots", "training_pairs"]));
  });

  test("rows that only the target has are told, not deleted", async () => {
    const target = kinds[postgres] as Stores;
    await target.empty();
    await (await target.another()).upsertVideos(worldOf(72, 2, 3));
    const tables = await copied(database(pglite), database(postgres));
    expect(differing(tables)).toEqual(["channels", "thumbnails", "view_snapshots"]);
    expect(tables.find(({ table }) => table === "thumbnails")?.to).toBeGreaterThan(
      tables.find(({ table }) => table === "thumbnails")?.from ?? 0,
    );
  });

  test("a checksum is the same in whatever parts it is taken, and another where one digit differs", async () => {
    const target = kinds[postgres] as Stores;
    await target.empty();
    await (await target.another()).upsertVideos(worldOf(73));
    const table = (await listTables(database(postgres))).find(({ name }) => name === "thumbnails");
    if (table === undefined) throw new Error("no table");
    const sum = async (page: number) =>
      toHex(await computeChecksum(database(postgres), { ...table, page }, { after: null, upto: null }));
    const whole = await sum(1000);
    expect([await sum(1), await sum(7)]).toEqual([whole, whole]);
    await target.connection.query(
      "update thumbnails set true_ctr = 0.1 where video_id = (select min(video_id) from thumbnails)",
    );
    const before = await sum(7);
    await target.connection.query("update thumbnails set true_ctr = 0.1000000000000001 where true_ctr = 0.1");
    expect(await sum(7)).not.toBe(before);
  });

  test("goes on where the server cuts answers and statements short", async () => {
    const target = kinds[supabase] as Stores;
    await target.empty();
    target.project?.set({ maxRows: 90, statementTimeoutMs: 1500, faultRate: 0.02 });
    const tables = await copied(database(pglite), database(supabase));
    expect([differing(tables), written(tables) > 5000]).toEqual([[], true]);
    target.project?.set({ maxRows: 1000, statementTimeoutMs: null, faultRate: 0 });
  });
});
