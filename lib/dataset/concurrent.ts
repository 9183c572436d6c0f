/** Maps items in order with at most `limit` calls in progress. After a failure no further call is started. */
export async function mapConcurrently<Item, Result>(
  items: Item[],
  limit: number,
  call: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  let failed = false;
  const worker = async () => {
    for (const [index, item] of entries) {
      if (failed) return;
      results[index] = await call(item).catch((thrown: unknown) => {
        failed = true;
        throw thrown;
      });
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: limit }, worker));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  return results;
}
