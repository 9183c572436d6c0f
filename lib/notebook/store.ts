import type { Paths } from "../config";
import type { Store } from "../store";

/**
 * Opens the store of a home and closes it after use: it is locked only while a cell runs, so two notebooks can be open.
 * Waits up to 10 s if another process holds it.
 * @throws what `openStore` throws, and whatever `use` throws
 */
export async function withStore<Result>(
  paths: Pick<Paths, "store">,
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await import("../store");
  return store.withStore(paths, use);
}
