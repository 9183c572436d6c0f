import { expect, test } from "vitest";
import { rankingText } from "../../lib/cli/ranking-text";
import type { Ranking } from "../../lib/deployment";

const subScores = { clarity: 0.5, prominence: 0.5, contrast: 0.5, emotion: 0.5, hierarchy: 0.5, title_match: 0.5 };

/** A ranking of pictures by falling score; each beats the ones after it with 60 %. */
function rankingOf(images: string[]): Ranking {
  const common = { title: null, titleIndex: null, percentile: 50, subScores };
  return {
    model: "first",
    version: 0,
    ranking: images.map((image, index) => ({ index, image, score: 1 - index, ...common })),
    winProbability: images.map((_, row) =>
      images.map((_, column) => (row === column ? 0.5 : row < column ? 0.6 : 0.4)),
    ),
    decision: "take the first",
    threshold: 0.6,
    note: "Scores order thumbnails of one channel only.",
  };
}

const linesOf = (images: string[]) => rankingText(rankingOf(images)).split("\n");
const many = (count: number, name = "thumbnail") => Array.from({ length: count }, (_, at) => `${name}-${at}.jpg`);

test("pictures of equal names are told apart by their folders", () => {
  const text = rankingText(rankingOf(["A/thumb.jpg", "B/thumb.jpg"]));
  expect(text).toContain("A/thumb.jpg");
  expect(text).toContain("B/thumb.jpg");
});

test("a single picture has no table of probabilities, and the text says why", () => {
  const text = rankingText(rankingOf(["a.jpg"]));
  expect(text).not.toContain("%");
  expect(text).not.toContain("beats");
  expect(text).toContain("nothing to compare a single picture with");
});

test("each pair's probability stands in the row of the one and the column of the other", () => {
  const lines = linesOf(["a.jpg", "b.jpg", "c.jpg"]);
  const at = lines.findIndex((line) => line.startsWith("Probability"));
  expect(lines.slice(at + 1, at + 6).map((line) => line.trim().split(/\s+/))).toEqual([
    ["1", "2", "3"],
    ["-", "--", "--", "--"],
    ["1", "-", "60", "60"],
    ["2", "40", "-", "60"],
    ["3", "40", "40", "-"],
  ]);
});

test.each([1, 2, 9, 14, 15, 20, 100])("a ranking of %i pictures with long names fits into 80 columns", (count) => {
  const lines = linesOf(many(count, `${"a-very-long-name-".repeat(5)}of-a-thumbnail`));
  const tables = lines.filter((line) => /^\s*\d+ |^\s*image|^-|^ /.test(line));
  expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("a long name is shortened in its middle, but not so far that two become the same", () => {
  const start = "x".repeat(30);
  const one = linesOf([`${start}-final-version-1280x720.jpg`, "b.jpg"]).join("\n");
  expect(one).toContain(`${"x".repeat(18)}…sion-1280x720.jpg`);
  const a = `${start}A${"y".repeat(40)}.jpg`;
  const b = `${start}B${"y".repeat(40)}.jpg`;
  expect(linesOf([a, b]).join("\n")).toContain(`${start}A`);
});

test("beyond 14 pictures the text names where all probabilities are", () => {
  expect(linesOf(many(15)).join("\n")).toContain("see --html or --json");
});

test("with several titles each row names its title, and a grid has the scores of all", () => {
  const images = ["a.jpg", "b.jpg"];
  const titles = ["One title", "Another title"];
  const rows = images.flatMap((image, index) =>
    titles.map((title, titleIndex) => ({ index, image, title, titleIndex, score: -index - titleIndex / 4 })),
  );
  const plain = rankingOf(["a.jpg", "a.jpg", "b.jpg", "b.jpg"]);
  const lines = rankingText({
    ...plain,
    ranking: plain.ranking.map((row, place) => ({ ...row, ...rows[place] })),
    grid: {
      titles,
      images,
      scores: [
        [0, -0.25],
        [-1, -1.25],
      ],
      percentiles: [],
    },
  }).split("\n");
  expect(lines[0]?.split(/\s+/)).toEqual(["", "image", "title", "score", "percentile", "beats", "the", "next"]);
  expect(lines[3]?.trim().split(/\s+/)).toEqual(["2", "a.jpg", "2", "-0.250", "50", "60"]);
  const grid = lines.indexOf("Score of every picture with every title:");
  expect(lines.slice(grid + 3, grid + 7)).toEqual([
    "a.jpg   0.000  -0.250",
    "b.jpg  -1.000  -1.250",
    "1: One title",
    "2: Another title",
  ]);
});
