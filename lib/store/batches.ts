/**
 * Groups items into arrays of at most `size`, in which no key occurs twice: an item whose key is already there begins
 * a new array, so that what came later is written later.
 */
export async function* batches<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  size: number,
  keyOf: (item: Item) => string,
): AsyncGenerator<Item[]> {
  let batch = new Map<string, Item>();
  for await (const item of items) {
    const key = keyOf(item);
    if (batch.size === size || batch.has(key)) {
      yield [...batch.values()];
      batch = new Map();
    }
    batch.set(key, item);
  }
  if (batch.size > 0) yield [...batch.values()];
}

/**
 * Rows in the order of a key, a page at a time.
 * @param read gives the next rows whose key is greater than `after`, in its order; none at the end
 */
export async function* paged<Row, Key>(
  first: Key,
  read: (after: Key) => Promise<Row[]>,
  keyOf: (row: Row) => Key,
): AsyncGenerator<Row> {
  for (let after = first; ; ) {
    const rows = await read(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = keyOf(last);
  }
}

/** Rows of a short list, a page at a time. @param read gives the next rows after the first `skipped`; none at the end */
export async function* bySkipping<Row>(read: (skipped: number) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let skipped = 0; ; ) {
    const rows = await read(skipped);
    if (rows.length === 0) return;
    yield* rows;
    skipped += rows.length;
  }
}

/** All items of a paged read in one array, for callers who know that they fit into memory. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
