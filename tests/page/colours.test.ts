import { expect, test } from "vitest";
import { THEME } from "../../lib/page";

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** WCAG's contrast ratio, 1 to 21. */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

test("black on white has the contrast that WCAG says", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
});

test.each(["light", "dark"])("on %s paper letters stand out by 4.5:1 and marks by 3:1", (mode) => {
  const at = mode === "light" ? 0 : 1;
  const on = (paper: "paper" | "notice", name: keyof typeof THEME) => contrast(THEME[name][at], THEME[paper][at]);
  for (const name of ["text", "quiet", "model", "truth", "warm"] as const)
    expect([name, on("paper", name) >= 4.5]).toEqual([name, true]);
  for (const name of ["faint", "other"] as const) expect([name, on("paper", name) >= 3]).toEqual([name, true]);
  expect(on("notice", "text")).toBeGreaterThanOrEqual(4.5);
});
