import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { TableOptions } from "../../lib/config/data";
import type { Video } from "../../lib/store";
import { importInto, jpeg, MemoryStore, temporaryFolder } from "./fixture";

const NOW = new Date("2026-11-30T00:00:00Z");
const IDS = ["dQw4w9WgXcQ", "9bZkp7q19f0"];

async function imported(text: string | Buffer | Record<string, string>, options: Partial<TableOptions> = {}) {
  const folder = await temporaryFolder();
  for (const [seed, id] of IDS.entries()) await writeFile(join(folder, "thumbnails", `${id}.jpg`), await jpeg(seed));
  const file = join(folder, "table");
  if (typeof text === "string" || Buffer.isBuffer(text)) await writeFile(file, text);
  else {
    await mkdir(file);
    for (const [name, content] of Object.entries(text)) await writeFile(join(file, name), content);
  }
  const store = new MemoryStore();
  const notes: string[] = [];
  const table = TableOptions.parse(options);
  const report = await importInto(store, folder, file, { table, now: NOW, notify: (note) => notes.push(note) });
  return { report, notes: notes.join("\n"), videos: [...store.videos.values()] };
}

const INFO = {
  id: IDS[0],
  title: 'Never "gonna" {give} you up',
  formats: [{ url: "https://example.org/[a]", fragments: [{ duration: 4 }] }],
  channel_id: "UCuAXFkgsw1L7xaCfnd5JJOw",
  channel: "Rick Astley",
  channel_follower_count: 4_000_000,
  duration: 212,
  view_count: 1_700_000_000,
  like_count: null,
  comment_count: 2_300_000,
  upload_date: "20091025",
  timestamp: 1256453859,
  epoch: 1761955200,
  automatic_captions: { en: [{ ext: "json3" }] },
  language: "en",
  _type: "video",
};
const RICK: Partial<Video> = {
  videoId: IDS[0] ?? "",
  channelId: "UCuAXFkgsw1L7xaCfnd5JJOw",
  channelTitle: "Rick Astley",
  title: 'Never "gonna" {give} you up',
  publishedAt: new Date("2009-10-25T06:57:39Z"),
  collectedAt: new Date("2025-11-01T00:00:00Z"),
  views: 1_700_000_000,
  durationSeconds: 212,
  likes: null,
  comments: 2_300_000,
  subscribers: 4_000_000,
  language: "en",
};
const { timestamp: _, ...UNTIMED } = { ...INFO, id: IDS[1], like_count: 5 };
const PSY: Partial<Video> = { videoId: IDS[1] ?? "", publishedAt: new Date("2009-10-25T00:00:00Z"), likes: 5 };

test.each([
  ["one object", JSON.stringify(INFO, null, 2), [RICK]],
  ["JSON lines", `${JSON.stringify(INFO)}\n\n${JSON.stringify(UNTIMED)}\n`, [RICK, PSY]],
  ["an array", JSON.stringify([INFO, UNTIMED]), [RICK, PSY]],
  ["an array over lines", JSON.stringify([INFO, UNTIMED], null, 4), [RICK, PSY]],
  ["objects after another", JSON.stringify(INFO, null, 1) + JSON.stringify(UNTIMED, null, 1), [RICK, PSY]],
])("yt-dlp's metadata as %s", async (_name, text, videos) => {
  const read = await imported(text);
  expect(read.report.refused).toEqual([]);
  expect(read.videos).toMatchObject(videos);
  expect(read.notes).toContain(
    "read as yt-dlp's metadata: video_id from id; published_at from timestamp, else upload_date; ",
  );
});

test("a folder of .info.json files, without its playlist; a damaged file is one refused row that names it", async () => {
  const { report, videos } = await imported({
    "a.info.json": JSON.stringify({ _type: "playlist", id: "PL1", title: "All", entries: [{}] }),
    "b.info.json": JSON.stringify(UNTIMED),
    "c.info.json": JSON.stringify(INFO).slice(0, 300),
    "d.info.json": JSON.stringify(INFO, null, 2),
    "e.jpg": "no table",
  });
  expect(videos).toMatchObject([PSY, RICK]);
  expect(report.refused).toEqual([
    { line: 1, file: "c.info.json", code: "ROW_SYNTAX", reason: "it is not a JSON object" },
  ]);
});

test("damage in JSON lines costs its own line", async () => {
  const good = JSON.stringify(INFO);
  const lines = [
    JSON.stringify(UNTIMED),
    good.slice(0, 60),
    good.slice(0, -1),
    good.replace('"title":"', '"title":'),
    good,
  ];
  const { report, videos } = await imported(lines.join("\n"));
  expect(videos.map(({ videoId }) => videoId)).toEqual([IDS[1], IDS[0]]);
  expect(report.refused.map(({ line, code }) => [line, code])).toEqual([
    [2, "ROW_SYNTAX"],
    [3, "ROW_SYNTAX"],
    [4, "ROW_SYNTAX"],
  ]);
});

test("an object may have any amount of nested data, and no value beyond 1 MB", async () => {
  const nested = { ...INFO, comments: Array.from({ length: 100_000 }, () => ({ text: '}]{[ \\"' })) };
  const long = { ...UNTIMED, description: "x".repeat(1_100_000) };
  const { report, videos } = await imported([long, nested].map((object) => JSON.stringify(object)).join("\n"));
  expect(videos).toMatchObject([{ ...RICK, comments: 2_300_000 }]);
  expect(report.refused).toEqual([expect.objectContaining({ line: 1, code: "ROW_TOO_LONG" })]);
});

test("300 MB without an object end reading", async () => {
  const bytes = gzipSync(Buffer.concat([Buffer.from("["), Buffer.alloc(300_000_000, " ")]), { level: 1 });
  await expect(imported(bytes)).rejects.toMatchObject({
    code: "TABLE_UNREADABLE",
    what: expect.stringContaining("no JSON object follows line 1"),
  });
});

test("of a folder, files that hold no video are refused one by one, whichever comes first", async () => {
  const files = { "a.json": "", "b.json": "{ broken", "c.json": "[1]", "d.json": "{}", "z.json": JSON.stringify(INFO) };
  const { report, videos } = await imported(files);
  expect(videos).toMatchObject([RICK]);
  expect(report.refused.map(({ file, code }) => [file, code])).toEqual([
    ["a.json", "ROW_SYNTAX"],
    ["b.json", "ROW_SYNTAX"],
    ["d.json", "ROW_SYNTAX"],
  ]);
  await expect(imported({ "a.json": "", "d.json": "{}" })).rejects.toMatchObject({ code: "TABLE_UNREADABLE" });
});

test("a named pipe or a folder called .json is refused without waiting for it", async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, "infos", "folder.json"), { recursive: true });
  execFileSync("mkfifo", [join(folder, "infos", "pipe.json")]);
  await writeFile(join(folder, "infos", "video.json"), JSON.stringify(INFO));
  const report = await importInto(new MemoryStore(), folder, join(folder, "infos"), { now: NOW });
  expect(report.refused.map(({ file, code, reason }) => [file, code, reason])).toEqual([
    ["folder.json", "ROW_SYNTAX", "it is not a file"],
    ["pipe.json", "ROW_SYNTAX", "it is not a file"],
    ["video.json", "PICTURE_MISSING", expect.anything()],
  ]);
});

test("a playlist in one object, as yt-dlp -J writes it, is told to be one", async () => {
  const playlist = { _type: "playlist", id: "PL1", title: "P", entries: [INFO] };
  await expect(imported(JSON.stringify(playlist))).rejects.toMatchObject({
    code: "TABLE_UNREADABLE",
    what: expect.stringContaining("playlists"),
  });
});

test("Python's NaN and Infinity are unknown, but not within texts", async () => {
  const text = JSON.stringify({ ...INFO, title: 'NaN "NaN, Infinity' }).replace(
    '"like_count":null',
    '"like_count":NaN',
  );
  const { videos } = await imported(text.replace('"language":"en"', '"language": -Infinity, "x":[NaN]'));
  expect(videos).toMatchObject([{ title: 'NaN "NaN, Infinity', likes: null, language: null }]);
});

test("a JSON object that no repair helps is read in linear time", async () => {
  const bad = [`{"x": NaN, "${'\\"'.repeat(490_000)}`, `{"x": NaN, ${'"'.repeat(900_001)}`];
  const { report } = await imported([JSON.stringify(INFO), ...bad, JSON.stringify(INFO)].join("\n"));
  expect(report).toMatchObject({ read: 4, repeated: 1, refusedRows: 2 });
}, 20_000);

const STUDIO = `Content,Video title,Video publish time,Duration,Views,Watch time (hours),Subscribers,Impressions,Impressions click-through rate (%)
Total,,,,120000,900.5,42,1000000,4.5
${IDS[0]},"Title, one","May 1, 2026",253,100000,800.1,40,900000,4.27
${IDS[1]},Title two,"Sep 30, 2026",61,20000,100.4,2,100000,
`;

test("YouTube Studio's table, with what it lacks given by --set", async () => {
  const set = { channel_id: "UC-mine", collected_at: "2026-11-01T00:00:00Z" };
  const { report, videos, notes } = await imported(STUDIO, { set });
  expect(report).toMatchObject({ read: 2, refused: [] });
  expect(videos).toMatchObject([
    {
      title: "Title, one",
      publishedAt: new Date("2026-05-01"),
      durationSeconds: 253,
      views: 100_000,
      subscribers: null,
    },
    { title: "Title two", channelId: "UC-mine", collectedAt: new Date("2026-11-01"), trueCtr: null },
  ]);
  expect(videos[0]?.trueCtr).toBeCloseTo(0.0427, 12);
  expect(notes).toContain("channel_id is UC-mine in all rows");
  const lacking = imported(STUDIO);
  await expect(lacking).rejects.toMatchObject({
    missing: ["channel_id", "collected_at"],
    next: expect.stringContaining("--set channel_id=VALUE"),
  });
});

test("YouTube Data Tools' tab file", async () => {
  const names =
    "position channelId channelTitle videoId publishedAt publishedAtSQL videoTitle videoDescription videoCategoryId";
  const more =
    "duration durationSec defaultLanguage defaultLAudioLanguage viewCount likeCount favoriteCount commentCount";
  const row = ["1", "UC1", "Ch", IDS[0], "2026-05-01T12:00:00Z", "2026-05-01 12:00:00", "T", "d", "22"];
  const rest = ["PT4M13S", "253", "", "en-US", "5000", "", "0", "7"];
  const text = [`${names} ${more}`.replaceAll(" ", "\t"), [...row, ...rest].join("\t")].join("\n");
  const { videos, notes } = await imported(text, { set: { collected_at: "2026-11-01" } });
  expect(videos).toMatchObject([
    { videoId: IDS[0], channelId: "UC1", channelTitle: "Ch", title: "T", views: 5000, likes: null, comments: 7 },
  ]);
  expect(videos[0]).toMatchObject({
    durationSeconds: 253,
    language: "en",
    publishedAt: new Date("2026-05-01T12:00:00Z"),
  });
  expect(notes).toMatch(/separated by tabs\nread as a YouTube Data Tools table/);
});

test("Kaggle's trending table of 2020 on: the newest of several readings is the video's", async () => {
  const header =
    "video_id,title,publishedAt,channelId,channelTitle,categoryId,trending_date,tags,view_count,likes,dislikes,comment_count";
  const row = (day: number, views: number) =>
    `${IDS[0]},T,2026-08-11T19:20:14Z,UC1,Ch,22,2026-08-${day}T00:00:00Z,a|b,${views},156908,5855,35313`;
  const { report, videos, notes } = await imported(
    [header, row(13, 200), row(12, 100), row(14, 300), row(13, 200)].join("\n"),
  );
  expect(report).toMatchObject({ read: 4, repeated: 1, refused: [] });
  expect(videos).toMatchObject([{ views: 300, collectedAt: new Date("2026-08-14"), comments: 35_313, likes: 156_908 }]);
  expect(notes).toContain("read as a trending table of Kaggle");
});

test("Kaggle's trending table of 2017 and 2018: channels are told apart by title", async () => {
  const header =
    "video_id,trending_date,title,channel_title,category_id,publish_time,tags,views,likes,dislikes,comment_count";
  const row = (id: string | undefined, channel: string) =>
    `${id},17.14.11,T,${channel},22,2017-11-13T17:13:01.000Z,"a|""b""",748374,57527,2966,15954`;
  const { videos, notes } = await imported(
    [header, row(IDS[0], "CaseyNeistat"), row(IDS[1], "\u00c9 (channel)")].join("\n"),
  );
  expect(videos).toMatchObject([
    { channelTitle: "CaseyNeistat", views: 748_374 },
    { channelTitle: "\u00c9 (channel)" },
  ]);
  expect(videos[0]?.collectedAt).toEqual(new Date("2017-11-14T00:00:00Z"));
  expect(new Set(videos.map(({ channelId }) => channelId)).size).toBe(2);
  expect(videos[0]?.channelId).toMatch(/^title-[\w-]{22}$/);
  expect(notes).toContain("identified by their titles");
});

test("--map reads a column of another name, before all that is recognised, and must name one that is there", async () => {
  const text = `video_id,channel_id,title,published_at,collected_at,n,view_count\n${IDS[0]},UC1,T,2026-01-01,2026-02-01,7,9\n`;
  expect((await imported(text)).videos).toMatchObject([{ views: 9 }]);
  expect((await imported(text, { map: { views: "n" } })).videos).toMatchObject([{ views: 7 }]);
  const unknown = imported(text, { map: { views: "m" } });
  await expect(unknown).rejects.toMatchObject({ code: "TABLE_COLUMN_UNKNOWN", unknown: ["m"] });
});

const DATA = join(__dirname, "..", "..", "..", "shared", "data");

test.skipIf(!existsSync(DATA)).each([
  ["tracker-2026-02/videos_2026-02.csv", 6616, {}],
  ["trending-2026/snapshots.csv.gz", 25_465, {}],
])("all rows of %s are read (needs ../shared/data)", { timeout: 180_000 }, async (name, rows) => {
  const folder = await temporaryFolder();
  const report = await importInto(new MemoryStore(), folder, join(DATA, name), { now: NOW });
  expect(report.read).toBe(rows);
  const others = report.refused.filter(({ code }) => code !== "PICTURE_MISSING");
  expect(others.slice(0, 3)).toEqual([]);
});

test("an owner's engaged views count, and say so, where the table has them; a unit may also be a column", async () => {
  const rows = (header: string, cells: string) =>
    `video_id,channel_id,title,published_at,collected_at,views,${header}\n` +
    [`10,${cells.split("|")[0]}`, `20,${cells.split("|")[1]}`]
      .map((rest, at) => `${IDS[at]},UC1,T,2026-09-01,2026-11-01,${rest}\n`)
      .join("");
  const engaged = await imported(rows("engaged_views", "7|"));
  expect(engaged.videos.map(({ views, viewsUnit }) => [views, viewsUnit])).toEqual([
    [7, "engaged"],
    [20, undefined],
  ]);
  const named = await imported(rows("views_unit", "Starts|mixed"));
  expect(named.videos.map(({ views, viewsUnit }) => [views, viewsUnit])).toEqual([
    [10, "starts"],
    [20, "mixed"],
  ]);
  const wrong = await imported(rows("views_unit", "clicks|engaged"));
  expect(wrong.report.refused.map(({ reason }) => reason)).toEqual([
    'views_unit "clicks" is none of engaged, mixed, starts',
  ]);
});
