import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeInputs } from "../../bench/embed/inputs";
import { compareVectors } from "../../bench/embed/vectors";
import { decoded } from "../embedding/decoded";

test("the same vectors pass, and the smallest cosine is told", () => {
  const ours = [
    [1, 0],
    [0, 1],
  ];
  const turned = [
    [1, 0],
    [Math.sin(0.04), Math.cos(0.04)],
  ];
  expect(compareVectors("titles", ours, ours)).toBe(1);
  expect(compareVectors("titles", ours, turned)).toBeCloseTo(Math.cos(0.04), 9);
});

test("other vectors, fewer of them, none, or no numbers fail", () => {
  expect(() => compareVectors("titles", [[1, 0]], [[Math.cos(0.05), Math.sin(0.05)]])).toThrow("number 0 has a cosine");
  expect(() => compareVectors("titles", [[1, 0]], [[Number.NaN, 0]])).toThrow("NaN");
  expect(() => compareVectors("titles", [[1, 0]], [])).toThrow("0 vectors of 1 titles");
  expect(() => compareVectors("titles", [], [])).toThrow("0 vectors of 0 titles");
});

test("inputs are the same at every call; every fourth picture has black bars, and the others none", async () => {
  const folders = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), "thumbrank-bench-test-"))));
  try {
    const [first, second] = await Promise.all(folders.map((folder) => writeInputs(folder, 4, 3)));
    expect(first!.titles).toEqual(second!.titles);
    for (const at of [0, 3])
      expect(await readFile(first!.pictures[at]!)).toEqual(await readFile(second!.pictures[at]!));
    const sizes = await Promise.all(first!.pictures.map((path) => decoded(path)));
    expect(sizes.map(({ width, height }) => [width, height])).toEqual([
      ...[0, 1, 2].map(() => [1280, 720]),
      [640, 360],
    ]);
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true });
  }
});
