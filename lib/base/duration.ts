/** Allows a decimal point or comma; a comma before exactly three digits is refused, since it may separate thousands. */
const SECONDS = /^\d+(?:\.\d*|,(?!\d{3}$)\d+)?$/;
/** Years and months have no fixed length in seconds, so only 0 is accepted: some programs always write them. */
const ISO_8601 = /^P(?:0+Y)?(?:0+M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?)?$/i;
/** "4:13", "1:02:03", and the forms of pandas, DuckDB and Python: "0 days 00:04:13", "1 day, 2:03:04". */
const CLOCK = /^(?:(\d+) days?,? )?(?:(\d+):)?(\d{1,2}):(\d\d)(?:\.\d+)?$/i;
const DAY_SECONDS = 24 * 3600;

/**
 * Parses a video's length in whole seconds, from seconds ("253", "253.0"), ISO 8601 ("PT4M13S", "P1DT2H") or a clock
 * ("4:13", "1:02:03", "0 days 00:04:13").
 * @returns null for no length (YouTube gives P0D while a stream is live or announced), undefined if the text has none
 * of these forms
 */
export function durationSeconds(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (SECONDS.test(trimmed)) return Math.round(Number(trimmed.replace(",", "."))) || null;
  const clock = CLOCK.exec(trimmed);
  if (clock) return clockSeconds(clock);
  const units = ISO_8601.exec(trimmed)?.slice(1);
  if (!units?.some((unit) => unit !== undefined)) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = units.map((unit) => Number(unit ?? 0));
  return (weeks * 7 + days) * DAY_SECONDS + hours * 3600 + minutes * 60 + seconds || null;
}

function clockSeconds([, days, hours, minutes, seconds]: RegExpExecArray): number | null | undefined {
  const tooMany = Number(seconds) > 59 || (hours !== undefined && Number(minutes) > 59);
  if (tooMany || (days !== undefined && hours === undefined)) return undefined;
  return Number(days ?? 0) * DAY_SECONDS + Number(hours ?? 0) * 3600 + Number(minutes) * 60 + Number(seconds) || null;
}
