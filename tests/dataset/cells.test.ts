import { expect, test } from "vitest";
import { durationSeconds } from "../../lib/base/duration";
import { parseRow } from "../../lib/dataset/row";
import { parseCount } from "../../lib/dataset/values";
import { NOW } from "./now";

const CELLS = {
  video_id: "a",
  channel_id: "UC1",
  title: "T",
  published_at: "2024-03-01",
  views: "5",
  collected_at: "2024-05-01",
};

const BLANKS = [
  "",
  " ",
  "NA",
  "N/A",
  "n/a",
  "#N/A",
  "-",
  "\u2013",
  "\u2014",
  "\\N",
  "NaT",
  "NaN",
  "None",
  "null",
  "NULL",
];
const MORE_BLANKS = ["<NA>", "undefined", "hidden", "Hidden", "False", "(null)", " N/A "];
const SPREADSHEET_ERRORS = ["#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#NULL!"];
const ONLY_SIGNS = ["--:--", "\u2212", "...", "?", "[]", "{}", '""', "\u200b", "\ufeff"];

test.each([...BLANKS, ...MORE_BLANKS, ...SPREADSHEET_ERRORS, ...ONLY_SIGNS])(
  "%j in an optional column is unknown, and the row stays",
  (blank) => {
    const optional = { duration: blank, likes: blank, comments: blank, subscribers: blank, language: blank };
    const { video, thumbnail } = parseRow(
      { ...CELLS, ...optional, niche: blank, true_ctr: blank, thumbnail: blank },
      NOW,
    );
    expect(video).toMatchObject({ durationSeconds: null, likes: null, comments: null, subscribers: null, niche: null });
    expect([video.language, video.trueCtr, thumbnail]).toEqual([null, null, null]);
  },
);

test.each(["-", "None", "NA", "N/A", "null", "hidden", "\\N"])("%j is a title, and no count of views", (text) => {
  expect(parseRow({ ...CELLS, title: text }, NOW).video.title).toBe(text);
  expect(() => parseRow({ ...CELLS, views: text }, NOW)).toThrow(/views .* is not a whole number/);
});

test("a channel may be called None or NA, but not \\N or #N/A", () => {
  const titles = ["None", "NA", "-", "\\N", "#N/A", "<NA>", " "];
  const read = titles.map((channel_title) => parseRow({ ...CELLS, channel_title }, NOW).video.channelTitle);
  expect(read).toEqual(["None", "NA", "-", null, null, null, null]);
});

test("a word for nothing is no id, so that videos of unknown channels are not one channel's", () => {
  for (const id of ["NaN", "None", "null", "unknown", "-", "N_A", "-----------", "_"]) {
    const known = ["N_A", "-----------"].includes(id);
    for (const column of ["video_id", "channel_id"]) {
      const read = () => parseRow({ ...CELLS, [column]: id }, NOW);
      if (known) expect(read).not.toThrow();
      else expect(read).toThrow(`${column} "${id}" says that there is no id`);
    }
  }
});

test("blanks around an id and a language do not count", () => {
  const { video } = parseRow({ ...CELLS, video_id: " a ", channel_id: "UC1\t", language: " en-US" }, NOW);
  expect(video).toMatchObject({ videoId: "a", channelId: "UC1", language: "en" });
});

test("niches and channels of signs alone keep what is no punctuation", () => {
  expect(parseRow({ ...CELLS, niche: "\u{1f3ae}", channel_title: "..." }, NOW).video).toMatchObject({
    niche: "\u{1f3ae}",
    channelTitle: "...",
  });
});

const RATES: [text: string, rate: number | string][] = [
  ["0.05", 0.05],
  ["0,05", 0.05],
  ["5 %", 0.05],
  ["5e-2", 0.05],
  ["4.27", "is above 1"],
  ["-5%", "is negative"],
  ["0x1", "is not a rate of 0 to 1"],
  ["Infinity", "is not a rate of 0 to 1"],
];

test.each(RATES)("the rate %j is %s", (text, rate) => {
  const read = () => parseRow({ ...CELLS, true_ctr: text }, NOW).video.trueCtr;
  if (typeof rate === "number") expect(read()).toBeCloseTo(rate, 9);
  else expect(read).toThrow(rate);
});

const COUNTS: [text: string, count: number | undefined][] = [
  ["12.0", 12],
  ["1.5e3", 1500],
  ["1,234,567", 1_234_567],
  ["1.234.567", 1_234_567],
  ["1 234", 1234],
  ["1\u202f234\u00a0567", 1_234_567],
  ["1'234", 1234],
  ["1000,0", 1000],
  ["12,34,567", 1_234_567],
  ["1,234", undefined],
  ["12,000", undefined],
  ["1234,567", undefined],
  ["123,45,678", undefined],
  ["12.000", undefined],
  ["1,2345,678", undefined],
  ["1.2M", undefined],
  ["12.5", undefined],
  ["-3", undefined],
  ["0x10", undefined],
];

test.each(COUNTS)("the count %j is %s", (text, count) => {
  expect(parseCount(text)).toBe(count);
});

const LENGTHS: [text: string, seconds: number | null | undefined][] = [
  ["4:13", 253],
  ["00:04:13", 253],
  ["1:02:03", 3723],
  ["0 days 00:04:13", 253],
  ["0 days 00:04:13.500000", 253],
  ["1 day, 2:03:04", 93_784],
  ["pt4m13s", 253],
  ["PT4M13,5S", 253],
  ["61,5", 62],
  ["1,234", undefined],
  ["P0Y0M0DT0H4M13.000S", 253],
  ["P1M", undefined],
  ["0:00", null],
  ["1:60:00", undefined],
  ["4:73", undefined],
  ["4 min", undefined],
];

test.each(LENGTHS)("the duration %j is %s seconds", (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

test("a title has at most 1,000 characters, and a cell 100,000, whatever it is", () => {
  expect(parseRow({ ...CELLS, title: "x".repeat(1000) }, NOW).video.title).toHaveLength(1000);
  const refusalOf = (cells: object) => {
    try {
      return parseRow({ ...CELLS, ...cells }, NOW);
    } catch (thrown) {
      return thrown;
    }
  };
  expect(refusalOf({ title: "x".repeat(1001) })).toMatchObject({ refusalCode: "ROW_TEXT" });
  expect(refusalOf({ duration: " ".repeat(100_001) })).toMatchObject({ refusalCode: "ROW_TOO_LONG" });
  expect(refusalOf({ duration: "31:00:00:00" })).toMatchObject({ refusalCode: "ROW_NUMBER" });
});
