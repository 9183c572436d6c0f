import { UploadItem, UploadsPage } from "./answers";
import type { Call } from "./call";
import { ItemRefused } from "./errors";

const ITEMS_PER_PAGE = 50;
/** A playlist's pages are refused now and then without a reason that lasts. */
const REFUSED_ATTEMPTS = 3;

/** What a page of a channel's uploads says. */
export interface UploadsRead {
  videoIds: string[];
  nextPageToken: string | null;
  /** Why there is nothing after it; null if there may be. */
  ended: string | null;
  /** Why YouTube refuses it, again and again; null if it does not. */
  refused: string | null;
  /** How many items the whole list has, where YouTube says so. */
  items: number | null;
  /** Whether no item is on it, old ones included. */
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
 * Reads a page of the uploads of a channel by one call of playlistItems.list. The list is in the order in which videos
 * were added; premieres and videos that were made public later are older or newer than their neighbours.
 * @param since older videos are left out, and a page of nothing else ends the listing; null takes all
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
  // Private videos have no date: they say nothing about the page.
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
