import { expect, test } from "vitest";
import { rankingText } from "../../lib/cli/ranking-text";
import type { Ranking } from "../../lib/deployment";

const subScores = { clarity: 0.5, prominence: 0.5, contrast: 0.5, emotion: 0.5, hierarchy: 0.5, title_match: 0.5 };

/** A ranking of pictures by falling score; each beats the ones after it with 60 %. */
function rankingOf(images: string[]): Ranking {
  return {
    model: "first",
    ranking: images.map((image, place) => ({ image, score: 1 - place, percentile: 50, subScores })),
    winProbability: images.map((_, row) =>
      images.map((_, column) => (row === column ? 0.5 : row < column ? 0.6 : 0.4)),
    ),
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
