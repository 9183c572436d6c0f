import { existsSync } from "node:fs";
import type { Paths } from "../../config";
import { messageOf, ThumbrankError } from "../../errors";
import type { StoreLocation } from "../../store";
import { type Finding, note, ok, problem } from "./finding";

/** Which store is used, which not though it is set, and how many videos it holds. One that is not there yet is not made. */
export async function storeFinding(paths: Paths, environment: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const { storeLocation } = await import("../../store");
    const location = storeLocation(paths, environment);
    if (location.databaseUrl === undefined && location.supabase === undefined && !existsSync(paths.store))
      return note("store", `PGlite in ${paths.store}, empty`, "thumbrank import, or thumbrank sample");
    return await counted(location, environment);
  } catch (thrown) {
    if (thrown instanceof ThumbrankError) return problem("store", thrown.what, thrown.next);
    return problem("store", messageOf(thrown), "close what uses the store, or check DATABASE_URL or SUPABASE_URL");
  }
}

async function counted(location: StoreLocation, environment: NodeJS.ProcessEnv): Promise<Finding> {
  const { openStore } = await import("../../store");
  const store = await openStore(location);
  try {
    const videos = await store.count();
    const value = `${store.description}, ${videos.toLocaleString("en-US")} videos${unused(environment)}`;
    return videos > 0 ? ok("store", value) : note("store", value, "thumbrank import, or thumbrank sample");
  } finally {
    await store.close();
  }
}

/** Supabase's settings beside DATABASE_URL, which goes before them. */
function unused({ DATABASE_URL, SUPABASE_URL }: NodeJS.ProcessEnv): string {
  return DATABASE_URL && SUPABASE_URL ? "; DATABASE_URL goes before SUPABASE_URL, which is not used" : "";
}
