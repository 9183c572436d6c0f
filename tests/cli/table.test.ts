import { expect, test } from "vitest";
import { table } from "../../lib/cli/table";

test("numbers are flush right with thousands separators, text is flush left", () => {
  expect(
    table(
      ["rule", "removed", "note"],
      [
        ["age", 1234, ""],
        ["language", "-", "no such column"],
      ],
    ),
  ).toBe(
    [
      "rule      removed  note",
      "--------  -------  --------------",
      "age         1,234",
      "language        -  no such column",
    ].join("\n"),
  );
});

test("a column with one word in it is text, and a table without rows keeps its headings", () => {
  expect(
    table(
      ["a", "value"],
      [
        ["x", 1],
        ["y", "one"],
      ],
    ).split("\n")[2],
  ).toBe("x  1");
  expect(table(["a", "b"], [])).toBe("a  b\n-  -");
});

test("fractions keep their digits", () => {
  expect(table(["auc"], [[0.5123], [12]])).toBe("   auc\n------\n0.5123\n    12");
});
