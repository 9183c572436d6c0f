import * as tf from "@tensorflow/tfjs";
import { type Case, of, one } from "./case";

export const products: Case[] = [false, true].flatMap((ta) =>
  [false, true].flatMap((tb) => {
    const a = ta ? [4, 3] : [3, 4];
    const b = tb ? [5, 4] : [4, 5];
    const run: Case["run"] = (x, y) => tf.matMul(x as tf.Tensor, y as tf.Tensor, ta, tb);
    return [
      one(`matMul ${ta} ${tb}`, [of(...a), of(...b)], run),
      one(`matMul of batches ${ta} ${tb}`, [of(2, 3, ...a), of(2, 3, ...b)], run),
      one(`matMul broadcast ${ta} ${tb}`, [of(2, ...a), of(1, ...b)], run, { gradient: false }),
    ];
  }),
);

export const fused: Case[] = (["linear", "relu", "relu6", "elu", "sigmoid"] as const).map((activation) =>
  one(
    `fused product, ${activation}`,
    [of(3, 4), of(4, 5), of(5)],
    (a, b, bias) => tf.fused.matMul({ a: a as tf.Tensor, b: b as tf.Tensor, bias: bias as tf.Tensor, activation }),
    { gradient: activation !== "sigmoid" },
  ),
);
