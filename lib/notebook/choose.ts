import { at } from "../base";
/** At most `most` of some items, evenly spread over them. */
export function everyNth<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => at(items, Math.floor((i * items.length) / most)));
}

/** Where values lie between their least and greatest, 0 to 1. */
export function spread(values: readonly number[]): (value: number) => number {
  const least = values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY);
  const most = values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY);
  return (value) => (most > least ? (value - least) / (most - least) : 0.5);
}
