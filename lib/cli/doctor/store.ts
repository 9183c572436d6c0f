import { messageOf, ThumbrankError, withoutSecrets } from "../../base";
import { configure, type Paths, QuotaOptions } from "../../config";
import type { QuotaLedger, StoreLocation } from "../../store";
import { type Finding, note, ok, problem } from "./finding";

const FILL_IT = "thumbrank collect, import or sample";

/**
 * Which store is used, which one is set but unused, how many videos it holds, and what is left of YouTube's quota. It
 * does not create a store.
 */
export async function storeFindings(paths: Paths, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const { isStoreMade, storeLocation } = await import("../../store");
    const location = storeLocation(paths, environment);
    if (!isStoreMade(location)) return [note("store", `PGlite in ${paths.store}, empty`, FILL_IT)];
    return await counted(location, environment);
  } catch (thrown) {
    if (thrown instanceof ThumbrankError) return [problem("store", withoutSecrets(thrown.what), thrown.next)];
    return [
      problem(
        "store",
        withoutSecrets(messageOf(thrown)),
        "close what uses the store, or check DATABASE_URL or SUPABASE_URL",
      ),
    ];
  }
}

async function counted(location: StoreLocation, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const { openStore } = await import("../../store");
  const store = await openStore(location);
  try {
    const videos = await store.count();
    const value = `${store.description}, ${videos.toLocaleString("en-US")} videos${unused(environment)}`;
    return [videos > 0 ? ok("store", value) : note("store", value, FILL_IT), await quotaFinding(store)];
  } finally {
    await store.close();
  }
}

/** A remark if Supabase is configured as well, since DATABASE_URL takes precedence. */
function unused({ DATABASE_URL, SUPABASE_URL }: NodeJS.ProcessEnv): string {
  return DATABASE_URL && SUPABASE_URL ? "; DATABASE_URL takes precedence over SUPABASE_URL, which is not used" : "";
}

/** What is left of the default daily quota; a project with another quota passes it to `collect` as flags. */
async function quotaFinding(store: QuotaLedger): Promise<Finding> {
  const { computeQuotaLeft, toQuotaLimits, nextReset } = await import("../../youtube");
  const limits = toQuotaLimits(configure(QuotaOptions, {}));
  const now = new Date();
  const left = await computeQuotaLeft(store, limits, now);
  const value = [
    `left today: ${left.search} of ${limits.search} searches`,
    `${left.units} of ${limits.units} units`,
    `${left.statistics} of ${limits.statistics} calls of videos.batchGetStats`,
  ].join(", ");
  if (left.units > 0) return ok("YouTube's quota", value);
  return note(
    "YouTube's quota",
    value,
    `the next quota comes at ${nextReset(now).toISOString()}, midnight in California`,
  );
}
