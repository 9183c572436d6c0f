import type { Database } from "./database";

/** The Data API's daily budgets: calls of search.list, units for most methods, and calls of videos.batchGetStats. */
export const QUOTA_BUCKETS = ["search", "units", "statistics"] as const;
export type QuotaBucket = (typeof QUOTA_BUCKETS)[number];

/** One call that is about to be sent. */
export interface Spending {
  /** Pacific day, such as "2026-11-28". */
  day: string;
  bucket: QuotaBucket;
  /** Such as "videos.list". */
  method: string;
  units: number;
  /** The bucket's limit on that day. */
  limit: number;
}

/** What a bucket has spent on a day. */
export interface QuotaSpent {
  day: string;
  bucket: QuotaBucket;
  units: number;
  /** The API itself reported that no quota is left, whatever we counted. */
  exhausted: boolean;
  /** Units by method. */
  methods: Record<string, number>;
}

/** Quota that all programs on one store share. */
export interface QuotaLedger {
  /** Counts a call before it is sent. Returns false and counts nothing if the day's limit does not allow the call. */
  spendQuota(spending: Spending): Promise<boolean>;
  /** Records that the API refused a call for lack of quota: no more calls are granted on that day. */
  exhaustQuota(day: string, bucket: QuotaBucket): Promise<void>;
  /** All buckets of a day. */
  quotaSpent(day: string): Promise<QuotaSpent[]>;
}

/** Implements the ledger on a database. */
export function createQuotaLedger(database: Database): QuotaLedger {
  return {
    async spendQuota(spending) {
      const [row] = await database.call<{ granted: boolean }>("spend_quota", { spending: { ...spending } });
      return row?.granted ?? false;
    },
    async exhaustQuota(day, bucket) {
      await database.call("exhaust_quota", { spent_on: day, spent_from: bucket });
    },
    async quotaSpent(day) {
      const rows = await database.call<Omit<QuotaSpent, "day">>("quota_spent", { spent_on: day });
      return QUOTA_BUCKETS.map((bucket) => ({
        day,
        ...(rows.find((row) => row.bucket === bucket) ?? unspent(bucket)),
      }));
    },
  };
}

const unspent = (bucket: QuotaBucket): Omit<QuotaSpent, "day"> => ({
  bucket,
  units: 0,
  exhausted: false,
  methods: {},
});
