const ISO_8601 = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.\d+)?S)?)?$/;
const UNIT_SECONDS = [7 * 24 * 3600, 24 * 3600, 3600, 60, 1];

/**
 * Length of a video in whole seconds, from seconds ("253", "253.0") or ISO 8601 ("PT4M13S", "P1DT2H").
 * @returns null for no length (YouTube gives P0D while a stream is live or announced), undefined where it is neither
 */
export function durationSeconds(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (/^\d+(\.\d*)?$/.test(trimmed)) return Math.round(Number(trimmed)) || null;
  const units = ISO_8601.exec(trimmed)?.slice(1);
  if (!units?.some((unit) => unit !== undefined)) return undefined;
  return UNIT_SECONDS.reduce((sum, seconds, index) => sum + seconds * Number(units[index] ?? 0), 0) || null;
}
