import type { Paths } from "../config";
import { NoPairs, NoVideos, StoreLocked } from "./errors";
import { isStoreMade, openStore, storeLocation } from "./open-store";
import type { Store } from "./store";

const WAIT_MS = 10_000;
const PAUSE_MS = 200;

/** Opens the store of a home, calls `use` with it, and always closes it. See `openHomeStore`. */
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
 * Opens the store of a home: PostgreSQL if DATABASE_URL is set, else Supabase if SUPABASE_URL and SUPABASE_KEY are set,
 * else PGlite.
 * @param waitMs how long to wait if another process has the store open
 * @throws what `openStore` throws
 */
export function openHomeStore(paths: Pick<Paths, "store">, waitMs = WAIT_MS): Promise<Store> {
  return whenUnlocked(() => openStore(storeLocation(paths)), waitMs);
}

/**
 * Opens the store of a home that has videos. A store that does not exist yet is not created.
 * @throws NoVideos, and what `openHomeStore` throws
 */
export async function openStoreWithVideos(paths: Pick<Paths, "store">): Promise<Store> {
  if (!isStoreMade(storeLocation(paths))) throw new NoVideos(paths.store);
  const store = await openHomeStore(paths);
  try {
    if ((await store.count()) === 0) throw new NoVideos(store.description);
    return store;
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

/** Checks that `buildPairs` has put videos in folds. @throws NoPairs */
export async function assertPaired(store: Pick<Store, "ratedVideos">): Promise<void> {
  for await (const _ of store.ratedVideos()) return;
  throw new NoPairs();
}

/** Calls `open`, retrying for up to `waitMs` while another process holds the lock. @throws StoreLocked after that */
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
