import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { openStore, queryStore } from "../../lib/store";
import { startPostgres } from "./postgres";
import { binariesFolder } from "./postgres-binaries";

const video = {
  videoId: "v",
  channelId: "c",
  channelTitle: null,
  title: "t",
  views: 7,
  durationSeconds: null,
  likes: null,
  publishedAt: new Date("2025-01-01"),
  collectedAt: new Date("2025-02-01"),
  comments: null,
  subscribers: null,
  language: null,
  niche: null,
  picture: null,
  trueCtr: null,
};

/** Rows of a query, and what becomes of an attempt to change something. */
async function asked(paths: { store: string }, databaseUrl?: string) {
  vi.stubEnv("DATABASE_URL", databaseUrl ?? "");
  const store = await openStore({ paths, databaseUrl });
  await store.upsertVideos([video]);
  await store.close();
  await expect(queryStore(paths, "delete from view_snapshots")).rejects.toMatchObject({
    message: expect.stringContaining("read-only"),
  });
  return queryStore(paths, "select video_id, count(*)::int as readings from view_snapshots group by video_id");
}

afterEach(() => vi.unstubAllEnvs());

test("a query sees what is stored and can change nothing: PGlite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-query-"));
  expect(await asked({ store: folder })).toEqual([{ video_id: "v", readings: 1 }]);
  await rm(folder, { recursive: true });
}, 60_000);

const hasPostgres = process.env.THUMBRANK_TEST_DATABASE_URL !== undefined || (await binariesFolder()) !== null;
const server = hasPostgres ? "PostgreSQL" : "PostgreSQL (needs a server or its binaries)";
test.skipIf(!hasPostgres)(
  `a query sees what is stored and can change nothing: ${server}`,
  async () => {
    const postgres = await startPostgres();
    const url = (await postgres?.createDatabase()) ?? "";
    expect(await asked({ store: "" }, url)).toEqual([{ video_id: "v", readings: 1 }]);
    await postgres?.stop();
  },
  60_000,
);
