import type { QuotaBucket, QuotaLedger } from "../store";
import { YoutubeQuotaSpent } from "./errors";

/** What a project may spend in a day, by bucket. */
export type QuotaLimits = Readonly<Record<QuotaBucket, number>>;

/** Methods of the Data API that we call, one unit of their bucket each. */
export type Method = "search.list" | "channels.list" | "playlistItems.list" | "videos.list" | "videos.batchGetStats";

/** The day's quota of one project. */
export interface Quota {
  /**
   * Counts a call that is about to be sent.
   * @returns the Pacific day in whose quota it is counted
   * @throws YoutubeQuotaSpent if no quota is left on that day
   */
  spend(method: Method): Promise<string>;
  /**
   * Records that YouTube itself refused a call for lack of quota.
   * @param day the Pacific day in which the call was counted
   * @throws YoutubeQuotaSpent unless a new day has begun since
   */
  exhausted(bucket: QuotaBucket, day: string): Promise<void>;
  /** What is left of today's quota. */
  left(): Promise<Record<QuotaBucket, number>>;
}

/** The bucket that a method's calls are counted in; the SQL function `bucket_of` says the same. */
export function bucketOf(method: Method): QuotaBucket {
  if (method === "search.list") return "search";
  return method === "videos.batchGetStats" ? "statistics" : "units";
}

/** The day of the Data API's quota, which ends at midnight in California. */
const CALENDAR = new Intl.DateTimeFormat("en-CA", {
  timeZone: "America/Los_Angeles",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
/** Upper bound for the length of a day: the day on which summer time ends has 25 hours. */
const LONGEST_DAY_MS = 26 * 3600 * 1000;

/** Creates a quota that the store's ledger counts. @param now the clock, for tests */
export function createQuota(
  ledger: QuotaLedger,
  limits: QuotaLimits,
  now: () => Date,
  spent: (method: Method) => void,
): Quota {
  return {
    async spend(method) {
      const at = now();
      const bucket = bucketOf(method);
      const day = pacificDay(at);
      const granted = await ledger.spendQuota({ day, bucket, method, units: 1, limit: limits[bucket] });
      if (!granted) throw new YoutubeQuotaSpent(bucket, nextReset(at));
      spent(method);
      return day;
    },
    async exhausted(bucket, day) {
      await ledger.exhaustQuota(day, bucket);
      if (pacificDay(now()) === day) throw new YoutubeQuotaSpent(bucket, nextReset(now()));
    },
    left: () => computeQuotaLeft(ledger, limits, now()),
  };
}

/** What is left of each bucket on a Pacific day; 0 if YouTube reported that a bucket is exhausted. */
export async function computeQuotaLeft(
  ledger: QuotaLedger,
  limits: QuotaLimits,
  at: Date,
): Promise<Record<QuotaBucket, number>> {
  const days = await ledger.quotaSpent(pacificDay(at));
  const of = (bucket: QuotaBucket) => {
    const day = days.find((each) => each.bucket === bucket);
    return day?.exhausted ? 0 : Math.max(0, limits[bucket] - (day?.units ?? 0));
  };
  return { search: of("search"), units: of("units"), statistics: of("statistics") };
}

/** Pacific day of an instant, such as "2026-11-28". */
export function pacificDay(at: Date): string {
  return CALENDAR.format(at);
}

/** The first instant of the next Pacific day, when quota is reset. */
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
