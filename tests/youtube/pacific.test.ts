import { expect, test } from "vitest";
import { nextReset, pacificDay } from "../../lib/youtube";

const day = (instant: string) => pacificDay(new Date(instant));
const reset = (instant: string) => nextReset(new Date(instant)).toISOString();

test("the day of the quota begins at midnight in California, in winter and in summer", () => {
  expect(day("2026-11-28T07:59:59.999Z")).toBe("2026-11-27");
  expect(day("2026-11-28T08:00:00.000Z")).toBe("2026-11-28");
  expect(day("2026-07-01T06:59:59.999Z")).toBe("2026-06-30");
  expect(day("2026-07-01T07:00:00.000Z")).toBe("2026-07-01");
});

test("the reset is the first instant of the next day", () => {
  expect(reset("2026-11-28T07:59:59.999Z")).toBe("2026-11-28T08:00:00.000Z");
  expect(reset("2026-11-28T08:00:00.000Z")).toBe("2026-11-29T08:00:00.000Z");
  expect(reset("2026-12-31T23:00:00.000Z")).toBe("2027-01-01T08:00:00.000Z");
});

test("the day on which summer time begins has 23 hours, the one on which it ends 25", () => {
  expect(reset("2026-03-08T08:00:00.000Z")).toBe("2026-03-09T07:00:00.000Z");
  expect(day("2026-03-09T06:59:59.999Z")).toBe("2026-03-08");
  expect(reset("2026-11-01T07:00:00.000Z")).toBe("2026-11-02T08:00:00.000Z");
  expect(day("2026-11-02T07:59:59.999Z")).toBe("2026-11-01");
});
