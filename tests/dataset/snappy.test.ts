import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { uncompress } from "../../lib/dataset/table/parquet/snappy";

test("Snappy unpacked chunk by chunk is what was packed, over literals, copies and many chunks", () => {
  const source = random("snappy");
  const parts = Array.from({ length: 200 }, () => {
    const length = 1 + source.integer(40_000);
    const isRandom = source.integer(2) === 0;
    return isRandom ? Buffer.from(Array.from({ length }, () => source.integer(256))) : Buffer.alloc(length, "abcdefg");
  });
  const whole = Buffer.concat(parts);
  const packed = Buffer.from(snappyCompress(whole));
  expect(packed.length).toBeLessThan(whole.length * 0.8);
  expect(Buffer.concat([...uncompress(packed)]).equals(whole)).toBe(true);
});

test.each([
  ["a length without an end", [0xff, 0xff, 0xff, 0xff, 0xff]],
  ["a literal longer than the input", [5, 4 << 2, 65]],
  ["a copy of what was not there", [5, 0, 65, 2, 9, 0]],
  ["an offset of 0", [5, 0, 65, 2, 0, 0]],
])("%s is damage", (_name, bytes) => {
  expect(() => [...uncompress(Buffer.from(bytes))]).toThrow(/damaged/);
});
