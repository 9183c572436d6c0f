/**
 * Groups items into arrays of at most `size` items without repeated keys. An item whose key is already in the array
 * starts a new array, so that later items are written later.
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
 * Reads rows in key order, one page at a time.
 * @param read returns the next rows whose key is greater than `after`, in key order; an empty array at the end
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

/**
 * Reads the rows of a short list, one page at a time.
 * @param read returns the next rows after the first `skipped`; an empty array at the end
 */
export async function* bySkipping<Row>(read: (skipped: number) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let skipped = 0; ; ) {
    const rows = await read(skipped);
    if (rows.length === 0) return;
    yield* rows;
    skipped += rows.length;
  }
}

/** Collects all items of a paged read into one array, for callers that know they fit in memory. */
export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}
