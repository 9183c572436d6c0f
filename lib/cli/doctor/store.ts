import { existsSync } from "node:fs";
import { QuotaOptions } from "../../collect-settings";
import { configure, type Paths } from "../../config";
import { messageOf, ThumbrankError } from "../../errors";
import type { QuotaLedger } from "../../store";
import { type Finding, note, ok, problem } from "./finding";

/**
 * What kind of store is used, how many videos it holds, and what YouTube's quota stands at by its ledger. A store that
 * does not exist yet is not made.
 */
export async function storeFindings(paths: Paths, environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const databaseUrl = environment.DATABASE_URL;
  if (!databaseUrl && !existsSync(paths.store))
    return [note("store", `PGlite in ${paths.store}, empty`, "thumbrank collect, import or sample")];
  try {
    return await counted(paths, databaseUrl);
  } catch (thrown) {
    if (thrown instanceof ThumbrankError) return [problem("store", thrown.what, thrown.next)];
    return [problem("store", messageOf(thrown), databaseUrl ? "check DATABASE_URL" : "close what uses the store")];
  }
}

async function counted(paths: Paths, databaseUrl: string | undefined): Promise<Finding[]> {
  const { openStore } = await import("../../store");
  const store = await openStore({ paths, ...(databaseUrl ? { databaseUrl } : {}) });
  try {
    const videos = await store.count();
    const value = `${store.description}, ${videos.toLocaleString("en-US")} videos`;
    const found = videos > 0 ? ok("store", value) : note("store", value, "thumbrank collect, import or sample");
    return [found, await quotaFinding(store)];
  } finally {
    await store.close();
  }
}

/** What is left of the day's usual quota; a project that has another gives it to `collect` by flags. */
async function quotaFinding(store: QuotaLedger): Promise<Finding> {
  const { leftOf, limitsOf, nextReset } = await import("../../youtube");
  const limits = limitsOf(configure(QuotaOptions, {}));
  const now = new Date();
  const left = await leftOf(store, limits, now);
  const value = `left today: ${left.search} of ${limits.search} searches, ${left.units} of ${limits.units} units`;
  if (left.units > 0) return ok("YouTube's quota", value);
  return note("YouTube's quota", value, `there is more after ${nextReset(now).toISOString()}, midnight in California`);
}
