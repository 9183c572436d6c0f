/**
 * Deals work to lanes of about equal size, each from its largest part to its smallest. Parts of a lane are to run one after
 * the other: left to itself TensorFlow may begin with the small ones, and end with one thread at the largest while the
 * others wait.
 * @param sizeOf the size of a part
 * @param count lanes
 * @returns at most as many, none of them empty
 */
export function lanesOf<Part>(parts: readonly Part[], sizeOf: (part: Part) => number, count: number): Part[][] {
  const lanes = Array.from({ length: count }, () => ({ parts: [] as Part[], size: 0 }));
  const sized = parts.map((part) => ({ part, size: sizeOf(part) }));
  for (const { part, size } of sized.sort((a, b) => b.size - a.size)) {
    const emptiest = lanes.reduce((least, lane) => (lane.size < least.size ? lane : least));
    emptiest.parts.push(part);
    emptiest.size += size;
  }
  return lanes.map((lane) => lane.parts).filter((lane) => lane.length > 0);
}
