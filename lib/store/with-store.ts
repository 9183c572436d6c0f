import type { Paths } from "../config";
import { StoreLocked } from "./errors";
import { openStore, storeLocation } from "./open-store";
import type { Store } from "./store";

const WAIT_MS = 10_000;
const PAUSE_MS = 200;

/** Opens the store of a home, uses it and closes it, whatever happens. See `openHomeStore`. */
export async function withStore<Result>(
  paths: Pick<Paths, "store">,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openHomeStore(paths);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/**
 * Opens the store of a home: PostgreSQL where DATABASE_URL is set, else Supabase where SUPABASE_URL and SUPABASE_KEY are,
 * else PGlite.
 * @param waitMs how long to wait where another process has the store open
 * @throws what `openStore` throws
 */
export function openHomeStore(paths: Pick<Paths, "store">, waitMs = WAIT_MS): Promise<Store> {
  return whenUnlocked(() => openStore(storeLocation(paths)), waitMs);
}

/** Opens what another process may have locked, waiting for it a while. */
export async function whenUnlocked<Opened>(open: () => Promise<Opened>, waitMs = WAIT_MS): Promise<Opened> {
  const until = Date.now() + waitMs;
  for (;;) {
    try {
      return await open();
    } catch (thrown) {
      if (!(thrown instanceof StoreLocked) || thrown.pid === process.pid || Date.now() > until) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
