import { expect, test } from "vitest";
import { AUXILIARY_HEADS, joined, joinedName, parted, ThumbnailRankingModel } from "../../lib/model";

const { weights } = new ThumbnailRankingModel({ clipDim: 6, textDim: 4, hiddenDim: 8 }, { seed: 3 });

test("joined weights come apart as they were", () => {
  expect(parted(joined(weights))).toEqual(weights);
});

test("the sub-scores' layers lie below each other in the order of the heads, however a file orders them", () => {
  const backwards = Object.fromEntries(Object.entries(weights).reverse());
  for (const layer of ["0.weight", "0.bias", "3.weight", "3.bias"]) {
    const expected = AUXILIARY_HEADS.flatMap((head) => [...(weights[`auxiliary.${head}.${layer}`]?.values ?? [])]);
    const { shape, values } = joined(backwards)[`auxiliary.${layer}`] ?? { shape: [], values: [] };
    expect([...values], layer).toEqual(expected);
    expect(shape[0]).toBe(6 * (weights[`auxiliary.clarity.${layer}`]?.shape[0] as number));
  }
});

test("other weights keep name and values", () => {
  const others = Object.keys(weights).filter((name) => !name.startsWith("auxiliary"));
  expect(others.map(joinedName)).toEqual(others);
  expect(Object.keys(joined(weights)).length).toBe(others.length + 4);
  for (const name of others) expect(joined(weights)[name]).toBe(weights[name]);
});
