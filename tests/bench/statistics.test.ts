import { expect, test } from "vitest";
import { warningOf } from "../../bench/side-by-side/machine";
import { interleave, resultsOf } from "../../bench/side-by-side/rounds";
import { median, medianOfBlocks, spreadOf } from "../../bench/side-by-side/statistics";
import { tableOf } from "../../bench/side-by-side/table";

test("the median is the middle of sorted numbers, or the mean of both in the middle", () => {
  expect(median([10, 9, 2])).toBe(9);
  expect(median([100, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow(RangeError);
  expect(spreadOf([5, 1, 9])).toEqual({ median: 5, low: 1, high: 9 });
});

test("one interrupted block does not count; work put off within a block does", () => {
  expect(medianOfBlocks([2, 2, 2, 2, 900, 2], 2)).toBe(2);
  expect(medianOfBlocks([0, 0, 0, 8, 0, 0, 0, 8], 4)).toBe(2);
  expect(medianOfBlocks([1, 1, 1, 1, 50], 2)).toBe(1);
  expect(medianOfBlocks([4, 6], 10)).toBe(5);
});

test("contenders are measured in turn, and their medians taken over rounds", async () => {
  const times: Record<string, number[]> = { thumbrank: [2, 30, 4], other: [8, 6, 7] };
  const asked: string[] = [];
  const measured = await interleave([{ name: "thumbrank" }, { name: "other" }], 16, 3, async ({ name }) => {
    asked.push(name);
    return times[name]?.shift() as number;
  });
  expect(asked).toEqual(["thumbrank", "other", "thumbrank", "other", "thumbrank", "other"]);
  expect(resultsOf([...measured, { name: "other", batch: 64, round: 0, ms: 1 }])).toEqual([
    { name: "thumbrank", batch: 16, medianMs: 4, lowMs: 2, highMs: 30, rounds: 3 },
    { name: "other", batch: 16, medianMs: 7, lowMs: 6, highMs: 8, rounds: 3 },
    { name: "other", batch: 64, medianMs: 1, lowMs: 1, highMs: 1, rounds: 1 },
  ]);
});

test("the table gives ratios, and says where the other is faster", () => {
  const result = (name: string, medianMs: number) => ({ name, batch: 16, medianMs, lowMs: 1, highMs: 9, rounds: 3 });
  const lines = tableOf([result("thumbrank", 3), result("slow", 6), result("fast", 2)], "ms a step");
  expect(lines.find((line) => line.includes("slow"))).toMatch(/0\.50$/);
  expect(lines.find((line) => line.includes("fast"))).toMatch(/1\.50 {2}it is faster$/);
});

test("a busy machine is worth a warning", () => {
  expect(warningOf({ busy: 0.02, loadAverage: 0 })).toBeUndefined();
  expect(warningOf({ busy: 0.55, loadAverage: 2 })).toContain("55 %");
});
