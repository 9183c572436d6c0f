import { expect, test } from "vitest";
import { cosine, nearest, rowsOf } from "../../lib/embedding";
import { random } from "../../lib/random";

function unitRows(count: number, dimensions: number): Float32Array[] {
  const source = random("neighbours");
  return Array.from({ length: count }, () => {
    const row = Float32Array.from({ length: dimensions }, () => source.normal());
    const length = Math.hypot(...row);
    return row.map((value) => value / length);
  });
}

test("the cosine of unit vectors is 1 to itself, -1 to its opposite, and that of a known angle between", () => {
  expect(cosine([0.6, 0.8], [0.6, 0.8])).toBeCloseTo(1, 12);
  expect(cosine([0.6, 0.8], [-0.6, -0.8])).toBeCloseTo(-1, 12);
  expect(cosine([1, 0], [Math.cos(1), Math.sin(1)])).toBeCloseTo(Math.cos(1), 12);
  expect(() => cosine([1, 0], [1, 0, 0])).toThrow("2 and 3");
});

test("nearest rows are those of the smallest Euclidean distance, the row itself first", () => {
  const rows = unitRows(40, 8);
  const to = rows[7] as Float32Array;
  const byDistance = rows
    .map((row, at) => ({ at, distance: Math.hypot(...row.map((value, index) => value - (to[index] as number))) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 10)
    .map(({ at }) => at);
  const found = nearest(rows, to, 10);
  expect(found.map(({ row }) => row)).toEqual(byDistance);
  expect(found[0]?.row).toBe(7);
});

test("equally close rows come by their number", () => {
  expect(
    nearest(
      [
        [0, 1],
        [1, 0],
        [1, 0],
      ],
      [1, 0],
      3,
    ).map(({ row }) => row),
  ).toEqual([1, 2, 0]);
});

test("rows are views of the matrix", () => {
  const matrix = Float32Array.of(1, 2, 3, 4, 5, 6);
  const rows = rowsOf(matrix, 3);
  expect(rows.map((row) => [...row])).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect(rows[1]?.buffer).toBe(matrix.buffer);
});
