import { expect, test } from "vitest";
import { chooseRecipe, configure, recipeFlags, TrainingOptions, withRecipe } from "../../lib/config";

test("fewer training pairs than the guide's minimum choose the small recipe", () => {
  expect([0, 49_999, 50_000, 1_000_000].map(chooseRecipe)).toEqual(["small", "small", "guide", "guide"]);
});

test("the guide's recipe is the defaults of all settings", () => {
  expect(withRecipe("guide", {})).toEqual(configure(TrainingOptions, {}));
});

test("given settings take precedence over the recipe's, also where they are the guide's", () => {
  const small = withRecipe("small", {});
  expect(small).toMatchObject({ recipe: "small", pairWeights: "sqrt", learningRate: 2e-5 });
  expect(small.epochs).toBeLessThan(200);
  const given = { epochs: 200, pairWeights: "equal", learningRate: 1e-3 } as const;
  expect(withRecipe("small", given)).toMatchObject({ recipe: "small", ...given });
  expect(() => withRecipe("small", { epochs: 0 })).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});

test("a recipe is listed as flags beside the guide's, without those that are given", () => {
  expect(recipeFlags("small")).toContain("--pair-weights sqrt (guide: equal)");
  expect(recipeFlags("small", { pairWeights: "channel" }).join()).not.toContain("pair-weights");
  expect(recipeFlags("guide")).toEqual([]);
});
