import { sizeOf } from "./inputs";
import type { Update } from "./trace";

/**
 * Deals updates to lanes of about equal work, each from its largest to its smallest. Those of a lane run one after the
 * other: left to itself TensorFlow may begin with the small ones, and end with one thread at the largest while the others
 * wait.
 * @param count lanes
 * @returns at most as many, none of them empty
 */
export function lanesOf(updates: readonly Update[], count: number): Update[][] {
  const lanes = Array.from({ length: count }, () => ({ updates: [] as Update[], size: 0 }));
  const sized = updates.map((update) => ({ update, size: workOf(update) }));
  for (const { update, size } of sized.sort((a, b) => b.size - a.size)) {
    const emptiest = lanes.reduce((least, lane) => (lane.size < least.size ? lane : least));
    emptiest.updates.push(update);
    emptiest.size += size;
  }
  return lanes.map((lane) => lane.updates).filter((lane) => lane.length > 0);
}

/** Numbers that it writes. */
function workOf({ resources }: Update): number {
  return resources.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
