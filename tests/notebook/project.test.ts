import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { projectTo2D } from "../../lib/notebook";

const source = random("planted");
const direction = (width: number) => Array.from({ length: width }, () => source.normal());

/** Principal axes by plain power iteration and deflation of the covariance, to compare with. */
function naiveAxes(vectors: number[][]): number[][] {
  const width = vectors[0]!.length;
  const mean = Array.from({ length: width }, (_, at) => vectors.reduce((sum, v) => sum + v[at]!, 0) / vectors.length);
  let rows = vectors.map((vector) => vector.map((part, at) => part - mean[at]!));
  return [0, 1].map(() => {
    let axis = Array.from({ length: width }, (_, at) => 1 + at / width);
    for (let round = 0; round < 2000; round++) {
      const along = rows.map((row) => row.reduce((sum, part, at) => sum + part * axis[at]!, 0));
      axis = axis.map((_, at) => rows.reduce((sum, row, which) => sum + row[at]! * along[which]!, 0));
      const length = Math.hypot(...axis);
      axis = axis.map((part) => part / length);
    }
    rows = rows.map((row) => {
      const along = row.reduce((sum, part, at) => sum + part * axis[at]!, 0);
      return row.map((part, at) => part - along * axis[at]!);
    });
    const largest = axis.reduce((most, part) => (Math.abs(part) > Math.abs(most) ? part : most), 0);
    return axis.map((part) => part * Math.sign(largest));
  });
}

test("the projection equals a naive one, signs included", () => {
  const scales = [5, 3, 1.5, 1, 0.5, 0.2];
  const vectors = Array.from({ length: 80 }, () => scales.map((scale) => 7 + scale * source.normal()));
  const axes = naiveAxes(vectors);
  const mean = scales.map((_, at) => vectors.reduce((sum, vector) => sum + vector[at]!, 0) / vectors.length);
  for (const [at, { x, y }] of projectTo2D(vectors).entries()) {
    const along = (axis: number[]) => axis.reduce((sum, part, k) => sum + part * (vectors[at]![k]! - mean[k]!), 0);
    expect(x).toBeCloseTo(along(axes[0]!), 6);
    expect(y).toBeCloseTo(along(axes[1]!), 6);
  }
});

test("points planted on a plane in 768 dimensions keep their distances, and 1,200 take less than 2 s", () => {
  const plane = [direction(768), direction(768)];
  const planted = Array.from({ length: 1200 }, () => [4 * source.normal(), source.normal()] as const);
  const vectors = planted.map(([a, b]) =>
    Float32Array.from({ length: 768 }, (_, at) => 1 + a * plane[0]![at]! + b * plane[1]![at]!),
  );
  const startedAt = performance.now();
  const places = projectTo2D(vectors);
  expect(performance.now() - startedAt).toBeLessThan(2000);
  for (let at = 1; at < 1200; at += 37) {
    const far = Math.hypot(...Array.from(vectors[at]!, (part, k) => part - vectors[0]![k]!));
    expect(Math.hypot(places[at]!.x - places[0]!.x, places[at]!.y - places[0]!.y)).toBeCloseTo(far, 2);
  }
});

test("the same vectors give the same map, also where no direction stands out", () => {
  const vectors = Array.from({ length: 200 }, () => direction(64));
  const startedAt = performance.now();
  expect(projectTo2D(vectors)).toEqual(projectTo2D(vectors.map((vector) => Float64Array.from(vector))));
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test("few or equal vectors are places too", () => {
  expect(projectTo2D([])).toEqual([]);
  expect(projectTo2D([[1, 2, 3]])).toEqual([{ x: 0, y: 0 }]);
  expect(
    projectTo2D([
      [1, 1],
      [1, 1],
      [1, 1],
    ]),
  ).toEqual(Array(3).fill({ x: 0, y: 0 }));
  const line = projectTo2D([
    [0, 0],
    [3, 4],
    [6, 8],
  ]);
  expect(line.map(({ x }) => Math.round(x * 1e9) / 1e9)).toEqual([-5, 0, 5]);
  for (const { y } of line) expect(Math.abs(y)).toBeLessThan(1e-9);
});
