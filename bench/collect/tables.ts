import { createHash } from "node:crypto";
import { type CollectionCounts, openStore } from "../../lib/store";
import { pacificDay } from "../../lib/youtube";

const DAY_MS = 24 * 3600 * 1000;

/** What a collection left, as far as two runs must agree on it. */
export interface Held {
  /** SHA-256 of the rows, without the times of reading. */
  videos: string;
  channels: string;
  searches: string;
  counts: CollectionCounts;
  /** Units by Pacific day and bucket. */
  ledger: { day: string; bucket: string; units: number }[];
}

/** Where a run keeps its store. */
export interface Place {
  store: string;
  databaseUrl?: string | undefined;
}

/** Reads a finished collection. @param since when its first run began */
export async function heldBy({ store: folder, databaseUrl }: Place, since: Date): Promise<Held> {
  const store = await openStore({ paths: { store: folder }, databaseUrl });
  try {
    const videos = createHash("sha256");
    for await (const { collectedAt: _, ...video } of store.videos()) videos.update(JSON.stringify(video));
    const ledger: Held["ledger"] = [];
    for (let at = since.getTime(); at < Date.now() + DAY_MS; at += DAY_MS) {
      const day = pacificDay(new Date(at));
      for (const { bucket, units } of await store.quotaSpent(day)) ledger.push({ day, bucket, units });
    }
    return {
      videos: videos.digest("hex"),
      channels: hashOf(await store.foundChannels()),
      searches: hashOf(await store.searchPages()),
      counts: await store.collectionCounts(),
      ledger,
    };
  } finally {
    await store.close();
  }
}

const hashOf = (rows: unknown): string => createHash("sha256").update(JSON.stringify(rows)).digest("hex");
