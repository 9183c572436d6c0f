import * as tf from "@tensorflow/tfjs";
import { type Case, of, one } from "./case";

const picture = of(2, 6, 7, 3);
const volume = of(1, 4, 6, 4, 2);

type Pool = (x: tf.Tensor4D, size: number, strides: number, pad: "same" | "valid" | number) => tf.Tensor4D;

const pool = (name: string, run: Pool): Case[] => [
  one(`${name} valid`, [picture], (x) => run(x as tf.Tensor4D, 2, 2, "valid")),
  one(`${name} same`, [picture], (x) => run(x as tf.Tensor4D, 3, 2, "same"), { gradient: name === "maxPool" }),
  one(`${name} padded by a number`, [picture], (x) => run(x as tf.Tensor4D, 3, 2, 1), { gradient: name === "maxPool" }),
];

export const pools: Case[] = [
  ...pool("maxPool", (x, size, strides, pad) => tf.maxPool(x, size, strides, pad)),
  ...pool("avgPool", (x, size, strides, pad) => tf.avgPool(x, size, strides, pad)),
  one("maxPool3d", [volume], (x) => tf.maxPool3d(x as tf.Tensor5D, 2, 2, "valid")),
  one("avgPool3d", [volume], (x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, "valid")),
  one(
    "maxPoolWithArgmax",
    [picture],
    (x) => Object.values(tf.maxPoolWithArgmax(x as tf.Tensor4D, 2, 2, "valid")) as tf.Tensor[],
    { gradient: false },
  ),
];
