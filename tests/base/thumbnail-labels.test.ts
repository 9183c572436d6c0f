import { win32 } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { thumbnailLabels } from "../../lib/base/thumbnail-labels";

test.each([
  ["names that differ stay names", ["a/one.jpg", "b/two.jpg"], ["one.jpg", "two.jpg"]],
  ["equal names take their folders", ["A/thumb.jpg", "B/thumb.jpg"], ["A/thumb.jpg", "B/thumb.jpg"]],
  [
    "only those that need it are longer",
    ["/x/A/thumb.jpg", "/x/B/thumb.jpg", "/x/C/other.jpg"],
    ["A/thumb.jpg", "B/thumb.jpg", "other.jpg"],
  ],
  ["folders that are equal too", ["/x/1/a/t.jpg", "/x/2/a/t.jpg"], ["1/a/t.jpg", "2/a/t.jpg"]],
  ["one path that ends with the other", ["/t.jpg", "/a/t.jpg"], ["/t.jpg", "a/t.jpg"]],
  ["one file twice is numbered", ["a.jpg", "./a.jpg", "x/../a.jpg"], ["a.jpg", "a.jpg (2)", "a.jpg (3)"]],
  ["a number that a name has already", ["a", "a", "a (2)"], ["a", "a (3)", "a (2)"]],
])("%s", (_, files, labels) => {
  expect(thumbnailLabels(files)).toEqual(labels);
});

test("Windows paths are told apart by their own separators", () => {
  const files = ["C:\\new\\A\\thumb.jpg", "C:/new/B/thumb.jpg", "D:\\B\\other.jpg"];
  expect(thumbnailLabels(files, win32)).toEqual(["A\\thumb.jpg", "B\\thumb.jpg", "other.jpg"]);
});

test("no two labels are ever equal", () => {
  const file = fc.array(fc.constantFrom("a", "b", "..", ".", "t.jpg", "t.jpg (2)"), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(file, { maxLength: 8 }), (files) => {
      const labels = thumbnailLabels(files.map((parts) => `/${parts.join("/")}`));
      expect(new Set(labels).size).toBe(labels.length);
    }),
  );
});
