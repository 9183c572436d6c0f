import { expect, test } from "vitest";
import { instantAdvice, instantOf } from "../../lib/dataset/instant";

const NOON = "2026-05-01T12:00:00.000Z";
const READ: [text: string, instant: string][] = [
  ["2026-05-01 12:00:00+00", NOON],
  ["2026-05-01 12:00:00+0000", NOON],
  ["2026-05-01 12:00:00+00:00", NOON],
  ["2026-05-01 12:00:00+00:00:00", NOON],
  ["2026-05-01 17:30:00+05:30", NOON],
  ["2026-05-01 05:00:00-07", NOON],
  ["2026-05-01T12:00:00z", NOON],
  ["2026-05-01t12:00:00Z", NOON],
  ["2026-05-01  12:00", NOON],
  ["2026-05-01 12:00:00 +00:00", NOON],
  ["2026-05-01 12:00:00 +0000 UTC", NOON],
  ["2026-05-01 12:00:00 UTC", NOON],
  ["2026-05-01 12:00:00 GMT", NOON],
  ["2026-05-01T12:00:00.123456789Z", "2026-05-01T12:00:00.123Z"],
  ["2026-05-01T12:00:00,5+00", "2026-05-01T12:00:00.500Z"],
  ["20260501T120000Z", NOON],
  ["20260501T120000+0200", "2026-05-01T10:00:00.000Z"],
  ["20260901", "2026-09-01T00:00:00.000Z"],
  ["2026/05/01 12:00:00", NOON],
  ["Fri, 01 May 2026 12:00:00 GMT", NOON],
  ["Fri, 1 May 2026 14:00:00 +0200", NOON],
  ["May 1, 2026", "2026-05-01T00:00:00.000Z"],
  ["1 Sept 2026", "2026-09-01T00:00:00.000Z"],
  ["2024-02-29", "2024-02-29T00:00:00.000Z"],
];

test.each(READ)("%j is %s", (text, instant) => {
  expect(instantOf(text)?.toISOString()).toBe(instant);
});

const NOT_READ = [
  ...["01/02/2026", "1.2.2026", "01-02-26", "1767225600", "1767225600000", "1767225600.5", "17.14.11"],
  ...["2026-02-30", "20260230", "20261301", "2023-02-29 00:00:00Z", "2026-05-01T24:00:00Z", "2026-05-01T12:60:00Z"],
  ...["2026-05-01T12:00:00+99", "2026-05-01 12:00:00 EST", "2026-05-01 12", "19991231", "21000101", "2026", "2026-05"],
  ...["30 Feb 2026", "Fri, 01 Foo 2026", "yesterday", "", "2026-05-01T12:00:00Z and more", "2026-05-01+02:00"],
];

test.each(NOT_READ)("%j is no date", (text) => {
  expect(instantOf(text)).toBeUndefined();
});

test("of what is ambiguous it is said why, and what to write", () => {
  expect(instantAdvice("01/02/2026")).toBe("is ambiguous: day first or month first? Write it as 2026-05-31T18:00:00Z");
  expect(instantAdvice("1767225600")).toMatch(/bare number.*Write it as 2026-05-31T18:00:00Z/);
});
