// verify.ts PLACE: loads tfjs-node from a place (JSON) and lets it compute a gradient whose value is known.
import * as tf from "@tensorflow/tfjs";
import type { TfjsNode } from "../../lib/engine/tfjs-node/place";
import { startTfjsNode, TFJS_NODE_BACKEND } from "../../lib/engine/tfjs-node/start";

async function main(place: TfjsNode): Promise<void> {
  startTfjsNode(place);
  await tf.setBackend(TFJS_NODE_BACKEND);
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const gradient = tf.grad((y: tf.Tensor) => tf.matMul(y as tf.Tensor2D, y as tf.Tensor2D).sum());
  const values = [...(await gradient(x).data())];
  // d/dX of the sum of XX is J X' + X' J, of this X the sums below.
  if (values.join() !== "7,11,9,13") throw new Error(`a gradient is ${values}, not 7,11,9,13`);
}

main(JSON.parse(process.argv[2] ?? "null") as TfjsNode).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
