import * as tf from "@tensorflow/tfjs";
import { SettingUnavailable } from "./errors";
import { BFLOAT16, FLOAT16, FLOAT32 } from "./native/data-type";
import { withoutLog } from "./native/log-level";
import type { Compiled, Engine, Precision } from "./types";

/** TensorFlow's types by precision. */
export const PRODUCT_TYPES: Record<Precision, number> = { float32: FLOAT32, bfloat16: BFLOAT16, float16: FLOAT16 };

/** Bits of the significand, including the hidden one. */
const BITS = { bfloat16: 8, float16: 11 };
const SIZE = 16;
const TERMS = 1024;

/**
 * Checks that half-precision products are summed in float32, as the kernels for newer processors do: without such a
 * kernel TensorFlow uses one that rounds intermediate sums, which would harm training.
 * @throws SettingUnavailable, and disposes the engine
 */
export function requirePrecision(engine: Engine): void {
  const precision = engine.settings?.precision ?? "float32";
  if (precision === "float32" || sumsInFloat32(engine, BITS[precision])) return;
  engine.dispose();
  throw new SettingUnavailable(precision, engine.name, `on this machine's ${engine.device} its products lose digits`);
}

/** Whether a product of small integers is the exact one, rounded once. */
function sumsInFloat32(engine: Engine, bits: number): boolean {
  const matrix = Float32Array.from({ length: SIZE * TERMS }, (_, i) => Math.imul(i + 1, 0x9e3779b1) >>> 29);
  const product = engine.jit((x) => [tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D, false, true)], {
    shape: [SIZE, TERMS],
  });
  const found = multiplyQuietly(product, matrix);
  product.dispose();
  return found?.every((value, i) => isNearest(value, exact(matrix, Math.floor(i / SIZE), i % SIZE), bits)) ?? false;
}

/** TensorFlow logs when it lacks a kernel for half precision; this check expects that. */
function multiplyQuietly(product: Compiled, matrix: Float32Array): Float32Array | undefined {
  try {
    return withoutLog(() => product.sync(matrix))[0];
  } catch {
    return undefined;
  }
}

/** An entry of the matrix times its own transpose. */
function exact(matrix: Float32Array, row: number, column: number): number {
  const terms = matrix.subarray(row * TERMS, (row + 1) * TERMS);
  return terms.reduce((sum, value, k) => sum + value * matrix[column * TERMS + k]!, 0);
}

function isNearest(value: number, truth: number, bits: number): boolean {
  return Math.abs(value - truth) <= 2 ** (Math.floor(Math.log2(truth)) - bits);
}
