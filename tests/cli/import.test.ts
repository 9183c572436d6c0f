import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openStore, type Video } from "../../lib/store";
import { jpeg } from "../dataset/fixture";
import { run } from "./thumbrank";

const PATIENT = { timeout: 120_000 };

async function tableOf(lines: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-import-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "thumbnails"));
  for (const id of ["a", "b"]) await writeFile(join(folder, "thumbnails", `${id}.jpg`), await jpeg(1));
  await writeFile(join(folder, "table"), lines.join("\n"));
  const given = ["import", join(folder, "table"), "--thumbnails", join(folder, "thumbnails"), "--data-dir", folder];
  return { given, folder };
}

async function storedVideos(folder: string): Promise<Video[]> {
  const store = await openStore({ paths: { store: join(folder, "data", "store") } });
  const videos: Video[] = [];
  for await (const video of store.videos()) videos.push(video);
  await store.close();
  return videos;
}

test(
  "--map, --set, --delimiter and --encoding say how a table is written, and what was taken is said",
  PATIENT,
  async () => {
    const { given } = await tableOf(["video_id~title~published_at~n", "a~T~2026-05-01 12:00:00+00~7"]);
    const set = ["--set", "channel_id=UC1", "--set", "collected_at=2026-06-01"];
    const { code, stdout, stderr } = await run([
      ...given,
      "--delimiter",
      "~",
      "--encoding",
      "utf-8",
      "--map",
      "views=n",
      ...set,
    ]);
    expect(stderr).toContain("views from n; channel_id is UC1 in all rows; collected_at is 2026-06-01 in all rows");
    expect([code, stdout]).toEqual([0, "1 rows: 1 inserted, 0 updated, 0 unchanged, 0 repeated, 0 refused\n"]);
  },
);

test(
  "several readings of a video: the newest is the video's, whatever their order, and importing again changes nothing",
  PATIENT,
  async () => {
    const header = "video_id,channel_id,title,published_at,views,collected_at";
    const row = (id: string, day: number) => `${id},UC1,T,2026-05-01,${day * 10},2026-06-0${day}`;
    const { given, folder } = await tableOf([header, row("a", 2), row("a", 3), row("b", 1), row("a", 1)]);
    const first = await run([...given, "--json"]);
    expect(JSON.parse(first.stdout)).toMatchObject({ read: 4, refusedRows: 0, repeated: 0 });
    const again = JSON.parse((await run([...given, "--json"])).stdout);
    expect(again).toMatchObject({ read: 4, inserted: 0, updated: 0, unchanged: 4 });
    expect((await storedVideos(folder)).map(({ videoId, views }) => [videoId, views])).toEqual([
      ["a", 30],
      ["b", 10],
    ]);
  },
);

const WRONG = [
  ["--delimiter", "abc"],
  ["--delimiter", ""],
  ["--delimiter", "0"],
  ["--encoding", "klingon"],
  ["--map", "nothing=n"],
  ["--set", "nothing=n"],
];

test.each(WRONG)("%s %j is refused as a setting", PATIENT, async (flag, value) => {
  const { given } = await tableOf(["x"]);
  const { code, stderr } = await run([...given, flag ?? "", value ?? ""]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("CONFIG_INVALID")]);
});

test.each(["views", "=n", "views="])("--map %j lacks a side", PATIENT, async (value) => {
  const { given } = await tableOf(["x"]);
  const { code, stderr } = await run([...given, "--map", value]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("NAME=VALUE")]);
});

test(
  "a table of which every row is refused ends with 1 and the first reason, one of which some are taken with 0",
  PATIENT,
  async () => {
    const header = "video_id,channel_id,title,published_at,views,collected_at";
    const good = "b,UC1,T,2026-05-01,10,2026-06-01";
    const { given, folder } = await tableOf([
      header,
      "a,UC1,T,yesterday,10,2026-06-01",
      "b,UC1,T,2026-05-01,many,2026-06-01",
    ]);
    const none = await run([...given, "--json"]);
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/^IMPORT_NOTHING: all 2 rows of .*table are refused, the first because: .*yesterday/m);
    expect(JSON.parse(none.stdout)).toMatchObject({ read: 2, refusedRows: 2 });
    expect(await storedVideos(folder)).toEqual([]);
    await writeFile(join(folder, "table"), [header, good, "a,UC1,T,yesterday,10,2026-06-01"].join("\n"));
    expect(await run(given)).toMatchObject({ code: 0, stdout: expect.stringContaining("1 inserted") });
    await writeFile(join(folder, "table"), [header, good].join("\n"));
    expect(await run(given)).toMatchObject({ code: 0, stdout: expect.stringContaining("1 unchanged") });
    await writeFile(join(folder, "table"), header);
    expect((await run(given)).code).toBe(0);
  },
);
