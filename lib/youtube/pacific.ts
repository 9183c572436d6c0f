/** The day of the Data API's quota, which ends at midnight in California. */
const CALENDAR = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/Los_Angeles",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
/** No day is longer: the one on which summer time ends has 25 hours. */
const LONGEST_DAY_MS = 26 * 3600 * 1000;

/** Pacific day of an instant, such as "2026-11-28". */
export function pacificDay(at: Date): string {
  return CALENDAR.format(at);
}

/** The first instant of the next Pacific day, when quota is given anew. */
export function nextReset(at: Date): Date {
  const today = pacificDay(at);
  let before = at.getTime();
  let after = at.getTime() + LONGEST_DAY_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (pacificDay(new Date(middle)) === today) before = middle;
    else after = middle;
  }
  return new Date(after);
}
