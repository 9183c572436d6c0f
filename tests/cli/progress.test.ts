import { expect, test } from "vitest";
import { progressBar } from "../../lib/cli/progress";
import { duration, progressLine } from "../../lib/progress-line";

test("a line shows count, rate and time left", () => {
  const line = progressLine({ stage: "embed images", done: 60, total: 100 }, 0.02);
  expect(line).toBe("embed images  [##############----------]  60/100  20/s  ETA 2 s");
});

test("a job's own word on the time left goes before the pace, and its note comes last", () => {
  const fact = { stage: "read videos", done: 60, total: 100, note: "7 units left", remainingMs: 7_200_000 };
  expect(progressLine(fact, 0.02)).toMatch(/ {2}60\/100 {2}20\/s {2}ETA 2 h 0 min {2}7 units left$/);
  expect(progressLine({ stage: "find", done: 3, note: "7 units left" }, 0)).toBe("find  3  7 units left");
});

test("durations are in their two largest units", () => {
  expect([3_000, 125_000, 4_200_000].map(duration)).toEqual(["3 s", "2 min 5 s", "1 h 10 min"]);
});

test("without a terminal there is a line every ten seconds and one at the end", () => {
  const lines: string[] = [];
  let clock = 100_000;
  const show = progressBar({ write: (text) => lines.push(text) }, () => clock);
  for (let done = 0; done <= 30; done++, clock += 1000) show({ stage: "import", done, total: 30 });
  expect(lines.map((line) => line.match(/\d+\/30/)?.[0])).toEqual(["0/30", "10/30", "20/30", "30/30"]);
});

test("a terminal's line is redrawn and ends with a new line", () => {
  let text = "";
  const show = progressBar({ isTTY: true, write: (more) => (text += more) }, () => 5_000);
  show({ stage: "import", done: 2, total: 2 });
  expect(text.startsWith("\r\u001b[2Kimport ")).toBe(true);
  expect(text).toMatch(/2\/2.*\n$/);
});
