import { UploadItem, UploadsPage } from "./answers";
import type { Call } from "./call";
import { ItemRefused } from "./errors";

const ITEMS_PER_PAGE = 50;
/** YouTube occasionally refuses a playlist's page without a lasting reason. */
const REFUSED_ATTEMPTS = 3;

/** One page of a channel's uploads. */
export interface UploadsRead {
  videoIds: string[];
  nextPageToken: string | null;
  /** Why the listing ends here; null if there may be more pages. */
  ended: string | null;
  /** Why YouTube refused the page in every attempt; null if it did not. */
  refused: string | null;
  /** Number of items in the whole list; null if YouTube does not say. */
  items: number | null;
  /** Whether the page has no items at all, not even old ones. */
  isEmpty: boolean;
}

const NOTHING: UploadsRead = {
  videoIds: [],
  nextPageToken: null,
  ended: null,
  refused: null,
  items: null,
  isEmpty: true,
};

/**
 * Reads a page of a channel's uploads in one call of playlistItems.list. The list is in the order in which videos were
 * added, so premieres and videos that were made public later may be out of date order.
 * @param since skips older videos, and a page with only older videos ends the listing; null reads all
 * @throws what a call throws, except for ItemRefused
 */
export async function readUploads(
  call: Call,
  uploads: string | null,
  pageToken: string | null,
  since: Date | null,
): Promise<UploadsRead> {
  if (uploads === null) return { ...NOTHING, ended: "no uploads" };
  try {
    const answer = await call({
      method: "playlistItems.list",
      send: (api) =>
        api.playlistItems.list({
          part: ["contentDetails"],
          playlistId: uploads,
          maxResults: ITEMS_PER_PAGE,
          fields: "nextPageToken,pageInfo/totalResults,items/contentDetails(videoId,videoPublishedAt)",
          ...(pageToken === null ? {} : { pageToken }),
        }),
      answer: UploadsPage,
      isLaterPage: pageToken !== null,
      refusedAttempts: REFUSED_ATTEMPTS,
    });
    return parseUploads(answer, since);
  } catch (thrown) {
    if (!(thrown instanceof ItemRefused)) throw thrown;
    return { ...NOTHING, refused: thrown.reason };
  }
}

function parseUploads({ items: answered, nextPageToken, pageInfo }: UploadsPage, since: Date | null): UploadsRead {
  const items = answered.flatMap((item) => UploadItem.safeParse(item).data?.contentDetails ?? []);
  const isOld = ({ videoPublishedAt: at }: (typeof items)[number]) => since !== null && at !== undefined && at < since;
  // Private videos have no date, so they say nothing about the page's age.
  const dated = items.filter(({ videoPublishedAt }) => videoPublishedAt !== undefined);
  const isOlder = dated.length > 0 && dated.every(isOld);
  const ended = isOlder ? "older" : nextPageToken === undefined ? "exhausted" : null;
  return {
    videoIds: items.filter((item) => !isOld(item)).map(({ videoId }) => videoId),
    ended,
    refused: null,
    isEmpty: answered.length === 0,
    nextPageToken: ended === null ? (nextPageToken ?? null) : null,
    items: pageInfo?.totalResults ?? null,
  };
}
