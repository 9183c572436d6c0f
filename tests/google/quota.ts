import { pacificDay } from "./clock";
import { quotaExceeded, searchQuotaExceeded, statisticsQuotaExceeded } from "./errors";
import type { Options } from "./options";

export type Bucket = "search" | "units" | "statistics";

/** Methods with a bucket of their own. */
const BUCKETS: Record<string, Bucket> = { "search.list": "search", "videos.batchGetStats": "statistics" };

/** Calls of one method on one project's day, and what they cost. */
export interface LedgerRow {
  project: string;
  bucket: Bucket;
  /** YYYY-MM-DD, Pacific. */
  day: string;
  method: string;
  calls: number;
  cost: number;
}

/** A day of a project: 100 searches, 10,000 calls of videos.batchGetStats, and 10,000 units for all else. */
export class Quota {
  readonly #rows = new Map<string, LedgerRow>();
  readonly #spent = new Map<string, number>();

  /**
   * Books a call, invalid ones too.
   * @throws Refused where the day's bucket is empty
   */
  book(method: string, project: string, at: number, limits: Options["quotas"]): void {
    const bucket = BUCKETS[method] ?? "units";
    const day = pacificDay(at);
    const key = `${project} ${bucket} ${day}`;
    const spent = this.#spent.get(key) ?? 0;
    const isOver = spent + 1 > limits[bucket];
    this.#write({ project, bucket, day, method, calls: 1, cost: isOver ? 0 : 1 });
    if (isOver && bucket === "units") throw quotaExceeded();
    if (isOver) throw (bucket === "search" ? searchQuotaExceeded : statisticsQuotaExceeded)(project, limits[bucket]);
    this.#spent.set(key, spent + 1);
  }

  #write(row: LedgerRow): void {
    const key = `${row.project} ${row.day} ${row.method}`;
    const old = this.#rows.get(key);
    this.#rows.set(key, { ...row, calls: row.calls + (old?.calls ?? 0), cost: row.cost + (old?.cost ?? 0) });
  }

  rows(): LedgerRow[] {
    return [...this.#rows.values()];
  }
}
