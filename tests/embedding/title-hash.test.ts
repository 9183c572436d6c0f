import { expect, test } from "vitest";
import { openTextEncoder } from "../../lib/embedding";
import { characterGrams, hashed, SIGNS, titleVector, wordGrams } from "../../lib/embedding/title-hash/encoder";
import { cosine, golden, row } from "./golden";

test("vectors are 384 wide, of length 1, the same again, even for an empty or endless title", async () => {
  const encoder = await openTextEncoder("title-hash");
  const titles = [...golden.titles.map(({ title }) => title), "x".repeat(100_000)];
  const vectors = await encoder.encode(titles);
  expect(vectors).toHaveLength(384 * titles.length);
  for (const [at, title] of titles.entries()) {
    expect(Math.hypot(...row(vectors, at, 384))).toBeCloseTo(1, 5);
    expect(row(vectors, at, 384)).toEqual(titleVector(title));
  }
});

test("titles that share words are nearer than titles that do not", () => {
  const [title, near, far] = [
    "How to bake bread at home",
    "How to bake cakes at home",
    "Ferrari drag race results",
  ].map(titleVector);
  expect(cosine(title as Float32Array, near as Float32Array)).toBeGreaterThan(
    cosine(title as Float32Array, far as Float32Array) + 0.1,
  );
});

test("grams are words, neighbouring words and runs of three characters, of any script, compatibly normalised", () => {
  expect(wordGrams("Ｈow to WIN")).toEqual(["how", "to", "win", "how to", "to win"]);
  expect(characterGrams("Été 🍚")).toEqual(["<ét", "été", "té>"]);
  expect(wordGrams("日本の朝 Привет!")).toEqual(["日本の朝", "привет", "日本の朝 привет"]);
});

test("hashing sums signs in buckets, spreads evenly, and gives zeros for nothing", () => {
  expect([...hashed([], "words", 8)]).toEqual(new Array(8).fill(0));
  const [a, b, both] = [["one"], ["two"], ["one", "two"]].map((grams) => hashed(grams, "words", 64));
  const sum = a?.map((value, at) => value + (b?.[at] as number));
  expect(cosine(sum as Float32Array, both as Float32Array)).toBeCloseTo(1, 6);
  const counts = new Float32Array(16);
  let positive = 0;
  for (let word = 0; word < 4000; word++) {
    const vector = hashed([`word${word}`], "words", 16);
    const bucket = vector.findIndex((value) => value !== 0);
    counts[bucket] = (counts[bucket] as number) + 1;
    if ((vector[bucket] as number) > 0) positive++;
  }
  expect(Math.min(...counts)).toBeGreaterThan(190);
  expect(Math.max(...counts)).toBeLessThan(310);
  expect(Math.abs(positive - 2000)).toBeLessThan(150);
});

test.each([
  ["Is this real?", "Is this real", 11],
  ["STOP now!", "STOP now", 12],
  ["Top 10 cars", "Top ten cars", 7],
  ["My car (2024)", "My car 2024", 15],
  ["Soup 🍚", "Soup", 21],
  ["How I won", "Now I won", 25],
  ["The BEST soup", "The fine broth", 27],
  ["A very long title that goes on and on and on", "Short", 0],
])('"%s" and "%s" differ in sign %d', (title, other, sign) => {
  expect(SIGNS[sign]?.(title)).toBeGreaterThan(SIGNS[sign]?.(other) as number);
});

test("every sign is a number of 0 or more for any title", () => {
  for (const { title } of golden.titles) {
    for (const sign of SIGNS) expect(sign(title)).toSatisfy((value: number) => value >= 0 && Number.isFinite(value));
  }
  expect(SIGNS).toHaveLength(32);
});

test("revision 1 gives these numbers; a change of them is a new revision", async () => {
  const vector = titleVector("How I built a $1,000 camera in 24 hours");
  const expected = [
    [0, -0.0275],
    [5, -0.125],
    [10, 0.125],
    [25, 0.125],
    [30, -0.108871],
    [155, 0.102598],
    [275, -0.083045],
    [370, 0.083045],
  ] as const;
  for (const [at, value] of expected) expect(vector[at], `number ${at}`).toBeCloseTo(value, 5);
  expect((await openTextEncoder("title-hash")).identity).toMatchObject({ revision: "1", dimensions: 384 });
});
