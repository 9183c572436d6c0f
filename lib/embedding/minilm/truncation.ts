/**
 * Ends cut titles with the separator, in place, as Python's tokenizers do; transformers.js cuts it off with the rest.
 * @param ids [batch, tokens]
 * @param mask [batch, tokens], 1 for a token, 0 for padding
 */
export function endWithSeparator(ids: BigInt64Array, mask: BigInt64Array, batch: number, separator: number): void {
  const tokens = ids.length / batch;
  for (let last = tokens - 1; last < ids.length; last += tokens) {
    if (mask[last] === 1n) ids[last] = BigInt(separator);
  }
}
