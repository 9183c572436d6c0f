import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs";
import { openEngine } from "../../../lib/engine";
import { lendableArray } from "../../../lib/engine/native/lendable";

const ROWS = 65_536;
const WIDTH = 512;
const SIZE_BYTES = ROWS * WIDTH * 4;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Row r holds r everywhere. */
function table(): Float32Array {
  const values = lendableArray(Float32Array, ROWS * WIDTH);
  for (let row = 0; row < ROWS; row++) values.fill(row, row * WIDTH, (row + 1) * WIDTH);
  return values;
}

/** Collects what nobody holds, overwriting memory that was given back too early. */
async function collect(): Promise<void> {
  for (let round = 0; round < 5; round++) {
    if (round === 2) overwrite();
    collectGarbage();
    await wait(5);
  }
}

function overwrite(): void {
  lendableArray(Float32Array, SIZE_BYTES / 4).fill(-1);
}

/** Resident memory beyond that of the start, in tables. */
const begun = process.memoryUsage.rss();
const tables = (): number => (process.memoryUsage.rss() - begun) / SIZE_BYTES;

/** Lends a table, and lets go of the array, the variable or the engine in the order asked for; prints what was seen. */
async function main(order: string): Promise<void> {
  const engine = await openEngine({ backend: "tensorflow" });
  let values: Float32Array | null = table();
  const filled = tables();
  const variable = engine.variable(values, [ROWS, WIDTH], { trainable: false, lend: true });
  const step = engine.jit((rows) => [tf.sum(tf.gather(variable as tf.Tensor, rows as tf.Tensor1D), 1)], {
    shape: [3],
    dtype: "int32",
  });
  const gather = async () =>
    [...((await step(Int32Array.of(0, 7, ROWS - 1)))[0] as Float32Array)].map((sum) => sum / WIDTH);
  const seen: unknown[] = [await gather()];
  const lent = tables() - filled;
  for (const what of order.split(",")) {
    if (what === "array") values = null;
    if (what === "variable") variable.dispose();
    if (what === "engine") engine.dispose();
    await collect();
    if (what === "array" && !variable.isDisposed) seen.push(await gather());
    if (what === "variable") await engine.read([]);
    if (values !== null) seen.push([0, 7, ROWS - 1].map((row) => (values as Float32Array)[row * WIDTH + 3]));
  }
  await collect();
  process.stdout.write(JSON.stringify({ lent, freed: filled + lent - tables(), seen }));
}

void main(process.argv[2] ?? "");
