import { messageOf, type Random, random, type Stage } from "../base";
import type { Thumbnail, ThumbnailOutcome, WantedThumbnail } from "../store";
import { keepThumbnail, ThumbnailRefused } from "../thumbnails";
import { delayMs } from "./backoff";
import { type CollectContext, untilAborted } from "./context";
import { chunks } from "./details";
import { ThumbnailsUnreachable } from "./errors";

const PER_PIECE = 10;
/** Pictures cost no quota, are small, and come from servers built for it, so twice as many run at once as calls. */
const PICTURES_PER_CALL = 2;
const BROKEN = "broken";
const BROKEN_ATTEMPTS = 5;

/** Pictures need no key. */
export type ThumbnailsContext = Omit<CollectContext, "youtube" | "now">;

const TIMEOUT_MS = 30_000;
/** A 1280x720 thumbnail takes about 200 kB; one of 3840x2160 as its owner uploaded it may take up to 50 MB. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Result of fetching a picture: its bytes, why there is none, or a transient failure. */
type Fetched = { bytes: Buffer } | { absent: string } | { passing: string };

/** Fetches each stored video's first thumbnail that exists and is intact. Items are videos. */
export function thumbnailsStage(context: ThumbnailsContext): Stage<WantedThumbnail[]> {
  const { store, settings, signal } = context;
  return {
    name: "fetch pictures",
    concurrency: settings.concurrency * PICTURES_PER_CALL,
    count: async () => (await store.collectionCounts()).pictures.wanted,
    pending: () => untilAborted(chunks(store.wantedPictures(), PER_PIECE), signal),
    async perform(wanted) {
      const outcomes: ThumbnailOutcome[] = [];
      for (const each of wanted) outcomes.push(await fetchFirstThumbnail(context, each));
      await store.savePictures(outcomes);
      return wanted.length;
    },
  };
}

async function fetchFirstThumbnail(
  context: ThumbnailsContext,
  { videoId, thumbnailUrls }: WantedThumbnail,
): Promise<ThumbnailOutcome> {
  const source = random("pictures", videoId);
  const reasons: string[] = [];
  for (const url of thumbnailUrls) {
    const kept = await keepRepeatedly(context, url, source);
    if (typeof kept !== "string") return { videoId, picture: kept };
    reasons.push(kept);
  }
  // A missing size is normal; any other reason says more.
  const telling = reasons.find((reason) => reason !== "not found");
  return { videoId, refusal: telling ?? reasons[0] ?? "no thumbnail" };
}

/**
 * Fetches and keeps a picture. Bytes that are not a picture are fetched again: they may be truncated, or an error page.
 * @returns the picture, or why there is none at this address
 * @throws ThumbnailsUnreachable
 */
async function keepRepeatedly(context: ThumbnailsContext, url: string, source: Random): Promise<Thumbnail | string> {
  const { retries, sleep, signal, paths } = context;
  for (let attempt = 1; ; attempt++) {
    const fetched = await fetchThumbnail(url);
    if ("absent" in fetched) return fetched.absent;
    const kept = "bytes" in fetched ? await keep(fetched.bytes, url, paths.thumbnails) : null;
    if (kept !== null && (kept !== BROKEN || attempt >= Math.min(BROKEN_ATTEMPTS, retries.attempts))) return kept;
    if ("passing" in fetched && attempt === retries.attempts)
      throw new ThumbnailsUnreachable(new URL(url).host, attempt, fetched.passing);
    await sleep(delayMs(attempt, source, retries), signal);
  }
}

/** @returns the picture, or why its bytes are not one: BROKEN if they may have been truncated on the way */
async function keep(bytes: Buffer, url: string, thumbnails: string): Promise<Thumbnail | string> {
  try {
    return (await keepThumbnail(bytes, url, thumbnails, true)).picture;
  } catch (thrown) {
    if (!(thrown instanceof ThumbnailRefused)) throw thrown;
    if (thrown.code === "PICTURE_PLACEHOLDER") return "placeholder";
    return thrown.code === "PICTURE_SIZE" ? "unusable size" : BROKEN;
  }
}

/** Fetches a picture once, over kept-alive connections, and stops at MAX_BYTES. */
export async function fetchThumbnail(url: string): Promise<Fetched> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return await readBody(response);
    await response.body?.cancel();
    const { status } = response;
    if (status === 404 || status === 410) return { absent: "not found" };
    return status === 429 || status === 408 || status >= 500
      ? { passing: `status ${status}` }
      : { absent: `status ${status}` };
  } catch (thrown) {
    return { passing: messageOf(thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown) };
  }
}

async function readBody(response: Response): Promise<Fetched> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop cancels the download.
    if (length > MAX_BYTES) return { absent: "too large" };
  }
  return { bytes: Buffer.concat(chunks, length) };
}
