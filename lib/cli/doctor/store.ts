import { existsSync } from "node:fs";
import type { Paths } from "../../config";
import { messageOf, ThumbrankError } from "../../errors";
import { type Finding, note, ok, problem } from "./finding";

/** What kind of store is used and how many videos it holds. A store that does not exist yet is not made. */
export async function storeFinding(paths: Paths, environment: NodeJS.ProcessEnv): Promise<Finding> {
  const databaseUrl = environment.DATABASE_URL;
  if (!databaseUrl && !existsSync(paths.store))
    return note("store", `PGlite in ${paths.store}, empty`, "thumbrank import, or thumbrank sample");
  try {
    return await counted(paths, databaseUrl);
  } catch (thrown) {
    if (thrown instanceof ThumbrankError) return problem("store", thrown.what, thrown.next);
    return problem("store", messageOf(thrown), databaseUrl ? "check DATABASE_URL" : "close what uses the store");
  }
}

async function counted(paths: Paths, databaseUrl: string | undefined): Promise<Finding> {
  const { openStore } = await import("../../store");
  const store = await openStore({ paths, ...(databaseUrl ? { databaseUrl } : {}) });
  try {
    const videos = await store.count();
    const value = `${store.description}, ${videos.toLocaleString("en-US")} videos`;
    return videos > 0 ? ok("store", value) : note("store", value, "thumbrank import, or thumbrank sample");
  } finally {
    await store.close();
  }
}
