/**
 * The element at an index that exists. Inner loops over pixels, weights and pairs read `values[i]!` instead: a function
 * that is called with lists and all kinds of typed arrays takes about eight times as long per number.
 * @throws RangeError if there is no such element
 */
export function at<Value>(values: ArrayLike<Value>, index: number): Value {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no element ${index} among ${values.length}`);
  return value;
}

/** Groups items by a key; groups stand in the order of their first items, and items keep theirs. */
export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** The dot product. @param a [n] @param b [n] */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Adds a multiple of a vector to another, in place. @param target [n] @param vector [n] */
export function addScaled(target: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i]! += factor * vector[i]!;
}

/** The bytes of an array, not copied. */
export function bytesOf<Memory extends ArrayBufferLike>({
  buffer,
  byteOffset,
  byteLength,
}: ArrayBufferView<Memory>): Uint8Array<Memory> {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/**
 * Concatenates arrays of one type; a single one is returned as it is.
 * @returns a Float32Array if there are none
 */
export function concatenated<Values extends Float32Array | Int32Array>(arrays: readonly Values[]): Values {
  const [first] = arrays;
  if (first !== undefined && arrays.length === 1) return first;
  const length = arrays.reduce((sum, array) => sum + array.length, 0);
  const whole = first instanceof Int32Array ? new Int32Array(length) : new Float32Array(length);
  let at = 0;
  for (const array of arrays) {
    whole.set(array, at);
    at += array.length;
  }
  return whole as Values;
}
