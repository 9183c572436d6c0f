import { expect, test } from "vitest";
import { textPlot } from "../../lib/cli/text-plot";

const line = (name: string, values: (number | null)[]) => ({ name, points: values.map((y, x) => ({ x, y })) });

test("a rising line begins at the bottom left and ends at the top right, beside its bounds", () => {
  const lines = textPlot("AUC", [line("first", [0.5, 0.6, null, 0.75])]);
  expect(lines[0]).toBe("AUC");
  expect(lines[1]).toMatch(/^0\.750 \| {59}a$/);
  expect(lines[12]).toBe("0.500 |a");
  expect(lines.at(-1)).toMatch(/^ {7}0 +3$/);
  expect(lines.join("").match(/a/g)).toHaveLength(3);
});

test("several lines have letters of their own and a legend; a star stands where they meet", () => {
  const text = textPlot("AUC", [line("one", [0, 1]), line("two\u001b[31m", [0, 0.5])]).join("\n");
  expect(text).toMatch(/\|\*\n/);
  expect(text).toMatch(/ {2}a {2}one\n {2}b {2}two/);
  expect(text).not.toContain("\u001b");
});

test("a constant line is drawn, and nothing is drawn without points", () => {
  expect(textPlot("AUC", [line("one", [0.5])]).join("\n")).toContain("a");
  expect(textPlot("AUC", [line("one", [null])])).toEqual([]);
});
