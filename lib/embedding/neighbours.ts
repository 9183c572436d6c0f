import { type Encoder, splitRows } from "./encoder";

/**
 * Cosine of the angle between two unit vectors: their dot product.
 * @param a [dimensions], length 1
 * @param b [dimensions], length 1
 */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new RangeError(`vectors of ${a.length} and ${b.length} numbers cannot be compared`);
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

/**
 * The items whose vectors are most similar to a given one by cosine, closest first, each with its cosine; ties keep
 * their order.
 * @param items with unit vectors, all of one encoder
 */
export function nearest<Item extends { vector: ArrayLike<number> }>(
  items: readonly Item[],
  to: ArrayLike<number>,
  count: number,
): (Item & { cosine: number })[] {
  return items
    .map((item) => ({ ...item, cosine: cosine(item.vector, to) }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, count);
}

/** Encodes named inputs and computes each one's cosine to the first. */
export async function cosinesToFirst<Input>(
  encoder: Encoder<Input>,
  inputs: Readonly<Record<string, Input>>,
): Promise<{ name: string; cosine: number }[]> {
  const rows = splitRows(await encoder.encode(Object.values(inputs)), encoder.identity.dimensions);
  const first = rows[0] ?? [];
  return Object.keys(inputs).map((name, row) => ({ name, cosine: cosine(rows[row] ?? [], first) }));
}
