import { expect, test } from "vitest";
import { DISPLAY, type Displayable, frame, table } from "../../lib/notebook";

const htmlOf = (shown: Displayable) => String(shown[DISPLAY]()["text/html"]);
const textOf = (shown: Displayable) => String(shown[DISPLAY]()["text/plain"]);
const cellsOf = (shown: Displayable) =>
  [...htmlOf(shown).matchAll(/<t[hd][^>]*>([^<]*)<\/t[hd]>/g)].map(([, text]) => text);

const rows = [
  { title: "a", views: 1234, share: 0.25, at: new Date("2026-05-01T12:30:00Z"), niche: null },
  { title: "<b>", views: 5, share: Number.NaN, at: new Date("2026-05-02T00:00:00Z"), niche: undefined },
];

test("numbers are aligned right with fixed decimals, what is missing is a dash, texts are escaped", () => {
  const shown = table(rows, { caption: "Videos <i>" });
  expect(cellsOf(shown)).toEqual([
    "title",
    "views",
    "share",
    "at",
    "niche",
    "a",
    "1,234",
    "0.250",
    "2026-05-01 12:30",
    "–",
    "&#60;b&#62;",
    "5",
    "–",
    "2026-05-02",
    "–",
  ]);
  expect(htmlOf(shown)).toMatch(/<caption[^>]*>Videos &#60;i&#62;<\/caption><thead>/);
  expect(htmlOf(shown)).toMatch(/text-align:right[^>]*>1,234</);
  expect(htmlOf(shown)).toMatch(/text-align:left[^>]*>a</);
});

test("columns and decimals as asked, for all or by name", () => {
  expect(cellsOf(table(rows, { columns: ["share", "title"], decimals: 1 })).slice(0, 4)).toEqual([
    "share",
    "title",
    "0.3",
    "a",
  ]);
  expect(cellsOf(table([{ a: 0.5, b: 0.5 }], { decimals: { b: 2 } }))).toEqual(["a", "b", "0.500", "0.50"]);
});

test("where there are no rows it says so", () => {
  expect(table([])[DISPLAY]()).toEqual({ "text/plain": "no rows" });
  expect(textOf(table([], { caption: "Refused" }))).toBe("Refused: no rows");
});

test("rows beyond the limit are counted, in text and in HTML", () => {
  const many = Array.from({ length: 1030 }, (_, id) => ({ id }));
  const shown = table(many, { limit: 5 });
  expect(cellsOf(shown)).toHaveLength(6);
  for (const text of [htmlOf(shown), textOf(shown)]) expect(text).toContain("… and 1,025 more rows");
  expect(
    textOf(
      table([
        { name: "abc", n: 7 },
        { name: "d", n: 10 },
      ]),
    ),
  ).toBe("name   n\nabc    7\nd     10");
});

test("a frame, its groups and its columns show themselves as tables", () => {
  const videos = frame([
    { niche: "music", views: 10 },
    { niche: "<gaming>", views: 20 },
    { niche: "music", views: 31 },
  ]);
  expect(cellsOf(videos as unknown as Displayable)).toEqual([
    "niche",
    "views",
    "music",
    "10",
    "&#60;gaming&#62;",
    "20",
    "music",
    "31",
  ]);
  const means = videos.groupby(["niche"]).col(["views"]).mean();
  expect(cellsOf(table(means))).toEqual(["niche", "views_mean", "music", "20.500", "&#60;gaming&#62;", "20.000"]);
  expect(cellsOf(table(videos.describe())).slice(0, 4)).toEqual(["", "views", "count", "3.000"]);
});
