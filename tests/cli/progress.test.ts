import { expect, test } from "vitest";
import { duration, endLine, Pace, progressLine } from "../../lib/base/progress-line";
import { progressBar } from "../../lib/cli/progress";

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

test("what was there already says nothing of the pace, which counts from the first real work", () => {
  const pace = new Pace();
  const total = 12_000;
  // 10,000 that are there are looked through in 17 ms: no rate of 584,000/s.
  for (let at = 0; at <= 17; at++) {
    const done = Math.round((10_000 * at) / 17);
    expect(pace.add({ stage: "embed", done, already: done, total }, 1_000 + at)).toBe(0);
  }
  const idle = { stage: "embed", done: 10_000, already: 10_000, total };
  expect(pace.add(idle, 61_000)).toBe(0);
  const perMs = pace.add({ ...idle, done: 10_040 }, 63_000);
  expect(perMs).toBeCloseTo(0.02, 10);
  const line = progressLine({ ...idle, done: 10_040 }, perMs);
  expect(line).toContain("10040/12000  10,000 already there  20/s  ETA 1 min 38 s");
});

test("a job that went on begins its pace where it went on, and none is said before half a second", () => {
  const pace = new Pace();
  expect(pace.add({ stage: "train", done: 5_000, total: 6_000 }, 0)).toBe(0);
  expect(pace.add({ stage: "train", done: 5_100, total: 6_000 }, 100)).toBe(0);
  expect(pace.add({ stage: "train", done: 5_200, total: 6_000 }, 1_000)).toBeCloseTo(0.2, 10);
});

test("the line of a finished stage counts only what there is to count", () => {
  expect(endLine({ stage: "evaluate", done: 1, total: 1 }, 6_000)).toBe("evaluate: done in 6 s");
  expect(endLine({ stage: "embed", done: 1_200, total: 1_200 }, 6_000)).toBe("embed: 1,200 done in 6 s");
  expect(endLine({ stage: "embed", done: 1_200, already: 1_200 }, 20)).toBe("embed: 1,200 already there");
  const half = endLine({ stage: "embed", done: 1_200, already: 600, total: 1_200 }, 6_000);
  expect(half).toBe("embed: 1,200 done in 6 s, 600 of them already there");
  expect(progressLine({ stage: "evaluate", done: 0, total: 1 }, 0)).toBe("evaluate  …");
});
