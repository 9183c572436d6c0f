import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { colourHistograms } from "../../lib/embedding/descriptor/features";
import {
  cellDeviations,
  cellMeans,
  computeGradients,
  deviation,
  halved,
  makePlanes,
  mean,
  orientationHistograms,
  type Plane,
} from "../../lib/embedding/descriptor/planes";
import { detailEnergy, subjectMap } from "../../lib/embedding/descriptor/statistics";
import { completed } from "../../lib/embedding/encoder";
import { fromFunction } from "./draw";

const planeOf = (width: number, height: number, value: (column: number, row: number) => number): Plane => ({
  width,
  height,
  data: Float32Array.from({ length: width * height }, (_, at) => value(at % width, Math.floor(at / width))),
});
const source = random("pieces");
const noise = planeOf(16, 10, () => source.uniform());

test("orientation histograms of a ramp have all votes in the ramp's direction", () => {
  for (const [angle, expected] of [
    [0, 0],
    [30, 1],
    [60, 2],
    [90, 3],
    [120, 4],
    [150, 5],
    [180, 0],
  ] as const) {
    const right = Math.cos((angle * Math.PI) / 180);
    const down = Math.sin((angle * Math.PI) / 180);
    const votes = orientationHistograms(
      computeGradients(planeOf(18, 12, (x, y) => 0.02 * (right * x + down * y))),
      6,
      1,
      1,
    );
    // The outermost pixels have no gradient: 16x10 of 18x12 vote.
    expect(votes[expected]).toBeCloseTo((0.02 * 160) / 216, 5);
    expect(votes.reduce((sum, vote) => sum + vote, 0)).toBeCloseTo((0.02 * 160) / 216, 5);
  }
});

test("a direction between two orientations is shared by its distance from each", () => {
  const angle = (40 * Math.PI) / 180;
  const ramp = planeOf(18, 12, (x, y) => 0.02 * (Math.cos(angle) * x + Math.sin(angle) * y));
  const votes = orientationHistograms(computeGradients(ramp), 6, 1, 1);
  expect((votes[1] as number) / (votes[2] as number)).toBeCloseTo(2, 3);
});

test("detail energy of a single bright pixel is that of the Laplacian", () => {
  const { data } = detailEnergy(planeOf(7, 7, (x, y) => (x === 3 && y === 3 ? 1 : 0)));
  expect(data[24]).toBe(16);
  expect([data[17], data[23], data[25], data[31], data[16]]).toEqual([1, 1, 1, 1, 0]);
  expect(Math.max(...detailEnergy(planeOf(9, 9, (x, y) => x / 8 + y / 2)).data)).toBeLessThan(1e-10);
});

test("cell means and deviations equal loops over the cells", () => {
  const cells = Array.from({ length: 20 }, (_, cell) => {
    const left = (cell % 4) * 4;
    const top = Math.floor(cell / 4) * 2;
    return Float32Array.from({ length: 8 }, (_, at) => noise.data[(top + (at >> 2)) * 16 + left + (at % 4)] as number);
  });
  const means = cellMeans(noise, 4, 5).data;
  const deviations = cellDeviations(noise, 4, 5).data;
  cells.forEach((cell, at) => {
    expect(means[at]).toBeCloseTo(mean(cell), 5);
    expect(deviations[at]).toBeCloseTo(deviation(cell), 4);
  });
});

test("mean and deviation equal their definitions, and halving takes means of four", () => {
  expect(mean(Float32Array.of(1, 2, 6))).toBe(3);
  expect(deviation(Float32Array.of(1, 2, 6))).toBeCloseTo(Math.sqrt(14 / 3), 6);
  expect([...halved(planeOf(5, 2, (x, y) => x + 10 * y)).data]).toEqual([5.5, 7.5]);
});

test("luma and colour differences are those of JPEG", () => {
  const { luma, blue, red } = makePlanes(fromFunction(320, 180, () => [1, 0.5, 0]));
  const y = 0.299 + (0.587 * 128) / 255;
  expect(luma[0].data[5]).toBeCloseTo(y, 5);
  expect(luma[2].data[5]).toBeCloseTo(y, 5);
  expect(blue.data[5]).toBeCloseTo(-0.564 * y, 5);
  expect(red.data[5]).toBeCloseTo(0.713 * (1 - y), 5);
});

test("histograms hold shares: all pixels by luma and by chroma, all chroma by hue", () => {
  const planes = makePlanes(fromFunction(320, 180, (x, y) => [x / 319, y / 179, 0.3]));
  const bins = colourHistograms(planes);
  const sum = (from: number, to: number) => bins.subarray(from, to).reduce((total, bin) => total + bin, 0);
  const chroma = planes.blue.data.map((cb, at) => Math.hypot(cb, planes.red.data[at] as number));
  expect([sum(0, 16), sum(16, 28)]).toEqual([expect.closeTo(1, 4), expect.closeTo(1, 4)]);
  expect(sum(28, 43)).toBeCloseTo(mean(chroma), 4);
});

test("the subject map tells a disc from a background that changes from top to bottom", () => {
  const disc = (x: number, y: number) => Math.hypot(x - 160, y - 90) < 60;
  const map = subjectMap(
    makePlanes(fromFunction(320, 180, (x, y) => (disc(x, y) ? [1, 0.9, 0.2] : [0.1, 0.1, y / 400]))),
  );
  expect(map.data[45 * 160 + 80]).toBeGreaterThan(0.9);
  expect(map.data[45 * 160 + 10]).toBeLessThan(0.01);
});

test("completion leaves numbers as they are, and only shortens what is too long", () => {
  const short = completed(Float32Array.of(0.6, 0));
  expect([...short]).toEqual([expect.closeTo(0.6, 6), 0, expect.closeTo(0.8, 6)]);
  expect([...completed(Float32Array.of(3, 4))]).toEqual([expect.closeTo(0.6, 6), expect.closeTo(0.8, 6), 0]);
});
