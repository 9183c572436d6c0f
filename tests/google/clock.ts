/** The stand-in's time: the machine's, or one that stands until it is advanced. Milliseconds since 1970. */
export class Clock {
  #stands: number | undefined;
  #ahead = 0;

  constructor(now?: string) {
    this.#stands = now === undefined ? undefined : Date.parse(now);
  }

  now(): number {
    return (this.#stands ?? Date.now()) + this.#ahead;
  }

  advance(ms: number): void {
    this.#ahead += ms;
  }

  set(now: string): void {
    [this.#stands, this.#ahead] = [Date.parse(now), 0];
  }
}

const HOUR = 3_600_000;
const pacific = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/Los_Angeles",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
const dayOfHour = new Map<number, string>();

/** The day (YYYY-MM-DD) in California, where Google's days begin: with daylight saving. */
export function pacificDay(at: number): string {
  const hour = Math.floor(at / HOUR);
  const known = dayOfHour.get(hour) ?? pacific.format(at);
  dayOfHour.set(hour, known);
  return known;
}

/** When a day (YYYY-MM-DD) begins in California; milliseconds since 1970. */
export function pacificMidnight(day: string): number {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const winter = utc + 8 * HOUR;
  const summer = utc + 7 * HOUR;
  return pacificDay(summer) === day ? summer : winter;
}
