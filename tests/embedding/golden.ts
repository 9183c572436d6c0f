import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** What Python's transformers and Pillow made of the pictures and titles beside make.py. */
const Golden = z.object({
  pictures: z.record(
    z.string(),
    z.object({
      decoded: z.tuple([z.number(), z.number()]),
      sha256: z.string(),
      rows: z.base64(),
      vector: z.array(z.number()),
    }),
  ),
  titles: z.array(z.object({ title: z.string(), vector: z.array(z.number()) })),
  resizings: z.array(
    z.object({ filter: z.enum(["bicubic", "bilinear"]), width: z.number(), height: z.number(), sha256: z.string() }),
  ),
});

const FOLDER = join(__dirname, "..", "golden", "embedding");

export const golden = Golden.parse(JSON.parse(readFileSync(join(FOLDER, "golden.json"), "utf8")));

/** Tiny random models in the hub's layout. */
export const HUB = join(FOLDER, "hub");

export const pictureFile = (name: string) => join(FOLDER, "pictures", name);

/** Cosine of two vectors of any length. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let dot = 0;
  let left = 0;
  let right = 0;
  for (let at = 0; at < a.length; at++) {
    const x = a[at] as number;
    const y = b[at] as number;
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  return dot / Math.sqrt(left * right);
}

/** Row `index` of a row-major matrix. */
export function row(matrix: Float32Array, index: number, dimensions: number): Float32Array {
  return matrix.subarray(index * dimensions, (index + 1) * dimensions);
}
