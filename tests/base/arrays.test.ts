import { expect, test } from "vitest";
import { concatenated } from "../../lib/base/arrays";

test("arrays come one behind the other, and keep their type", () => {
  const floats = [Float32Array.of(0.5, 2), Float32Array.of(), Float32Array.of(-1)];
  expect(concatenated(floats)).toEqual(Float32Array.of(0.5, 2, -1));
  expect(concatenated([Int32Array.of(2 ** 31 - 1), Int32Array.of(-7, 16_777_217)])).toEqual(
    Int32Array.of(2 ** 31 - 1, -7, 16_777_217),
  );
  expect(concatenated([])).toEqual(new Float32Array());
});

test("a single array is given back as it is", () => {
  const alone = Float32Array.of(1, 2);
  expect(concatenated([alone])).toBe(alone);
});
