/**
 * Arrays of one type, one behind the other; a single one is given back as it is.
 * @returns a Float32Array where there are none
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
