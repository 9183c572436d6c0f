import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ranking, RankingPageNotWritten, writeRankingPage } from "../../lib/deployment";
import { testLooks } from "../page/chromium";

const HOSTILE = [
  "</title><script>window.owned = 1<",
  `'" onerror="window.owned = 2" x='`,
  "\u202egnp.txet desrever",
  `${"a-very-long-name-".repeat(12)}.jpg`,
];
const subScores = { clarity: 0.1, prominence: 0.3, contrast: 0.5, emotion: 0.7, hierarchy: 0.9, title_match: 1 };

let folder: string;
let pictures: string[];
const page = () => join(folder, "made", "ranking.html");

function rankingOf(images: string[], title: string | null = null): Ranking {
  const common = { title, titleIndex: title === null ? null : 0, subScores };
  return {
    model: "first",
    version: 0,
    ranking: images.map((image, index) => ({ index, image, score: 0.5 - index, percentile: 80 - index, ...common })),
    winProbability: images.map((_, row) =>
      images.map((_, column) => (row === column ? 0.5 : row < column ? 0.7 : 0.3)),
    ),
    decision: "take the first",
    threshold: 0.6,
    note: "Scores order thumbnails of one channel only. <script>window.owned = 3</script>",
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ranking-page-"));
  // A name of a file holds no slash.
  pictures = HOSTILE.map((name) => join(folder, name.replaceAll("/", "∕")));
  const picture = sharp({ create: { width: 1280, height: 720, channels: 3, background: "#336699" } });
  for (const file of pictures) await writeFile(file, await picture.clone().jpeg().toBuffer());
  pictures.push(join(folder, "gone.jpg"));
  await writeRankingPage(rankingOf(pictures, "<img src=x onerror='window.owned = 4'>"), page());
});
afterAll(() => rm(folder, { recursive: true }));

test("the page holds its pictures, loads nothing and runs nothing", async () => {
  const html = await readFile(page(), "utf8");
  expect(html.match(/<img src="data:image\/jpeg;base64,/g)).toHaveLength(HOSTILE.length);
  expect(html).toContain("picture can no longer be read");
  expect(html).toContain(`content="default-src 'none'`);
  expect(html).not.toContain("script-src");
  expect(html).not.toMatch(/<script|(src|href)="(?!data:)|<img src=x/);
});

test("the page says who comes first, by how much, and what that means", async () => {
  const html = await readFile(page(), "utf8");
  expect(html).toContain("</b>: it beats <bdi>");
  expect(html).toContain("with a probability of 70 %");
  expect(html).toContain("<dt>Clarity</dt><dd>very low (0.10)</dd>");
  expect(html).toContain("<dt>Match with the title</dt><dd>very high (1.00)</dd>");
  expect(html).toContain("A score has no unit.");
});

test("a single picture is compared with nothing, and near a coin the page says so", async () => {
  const one = join(folder, "one.html");
  await writeRankingPage(rankingOf(pictures.slice(0, 1)), one);
  const html = await readFile(one, "utf8");
  expect(html).toContain("nothing to compare");
  expect(html).not.toContain("<table");
  expect(html).toContain("No title was given.");
  const close = {
    ...rankingOf(pictures.slice(0, 2)),
    winProbability: [
      [0.5, 0.52],
      [0.48, 0.5],
    ],
  };
  await writeRankingPage(close, one);
  expect(await readFile(one, "utf8")).toContain("Cannot tell which is better");
});

test("a file of that name is replaced, a folder is not", async () => {
  const file = join(folder, "old.html");
  await writeFile(file, "old");
  await writeRankingPage(rankingOf(pictures.slice(0, 2)), file);
  expect(await readFile(file, "utf8")).toContain("<!doctype html>");
  const taken = join(folder, "taken.html");
  await mkdir(taken);
  await writeFile(join(taken, "kept"), "");
  await expect(writeRankingPage(rankingOf(pictures.slice(0, 2)), taken)).rejects.toThrow(RankingPageNotWritten);
  await expect(writeRankingPage(rankingOf(pictures.slice(0, 2)), join(file, "below-a-file.html"))).rejects.toThrow(
    RankingPageNotWritten,
  );
  const [picture = ""] = pictures;
  await expect(writeRankingPage(rankingOf(pictures.slice(0, 2)), picture)).rejects.toThrow("does not end in .html");
  expect(await readdir(taken)).toEqual(["kept"]);
  expect((await readdir(folder)).filter((name) => name.startsWith(".tmp"))).toEqual([]);
});

testLooks("the ranking's page", page, async (shown) => {
  const requests: string[] = [];
  shown.on("request", (request) => requests.push(request.url().slice(0, 40)));
  await shown.reload();
  expect(requests.filter((url) => !url.startsWith("data:"))).toEqual([pathToFileURL(page()).href.slice(0, 40)]);
  expect(await shown.evaluate("window.owned")).toBeUndefined();
  expect(await shown.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")).toBe(true);
});
