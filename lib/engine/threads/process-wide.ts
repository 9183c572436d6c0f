/** On the process, not in this module, which a notebook may load anew. */
const FIXED = Symbol.for("thumbrank.intraOpThreads");

/**
 * Threads within one operation are one pool for the whole process, made by the first session: what later ones ask for is
 * passed over by TensorFlow.
 * @returns how many there are
 */
export function fixIntraOpThreads(wanted: number): number {
  const place = process as unknown as Record<symbol, number | undefined>;
  const fixed = place[FIXED] ?? wanted;
  place[FIXED] = fixed;
  return fixed;
}
