import type { Stage } from "../base";
import type { FoundChannel, Standing } from "../store";
import { type CollectContext, type Listing, untilAborted } from "./context";
import { readChannels } from "./read-channels";
import { readUploads, type UploadsRead } from "./read-uploads";

const DAY_MS = 24 * 3600 * 1000;

/** More pages than the 20,000 items that a playlist shows can fill. */
const MOST_PAGES = 1000;
const MOST_EMPTY_PAGES = 10;

/** Reason to read a list again from its first page: items that moved up to an earlier page were missed. */
const SHRINKS = "the list shrinks";

/**
 * Lists the uploads of accepted channels, newest first, up to `perChannel` each. A later run that wants more continues
 * from there. Items are channels.
 */
export function uploadsStage(context: CollectContext): Stage<Listing> {
  const { store, settings, signal } = context;
  const open = async () => (await store.foundChannels()).filter((channel) => isOpen(channel, settings.perChannel));
  return {
    name: "list uploads",
    concurrency: settings.concurrency,
    count: async () => (await open()).length,
    async *pending() {
      yield* untilAborted(await open(), signal);
    },
    perform: (listing) => listAll(context, listing),
  };
}

/** Whether a channel still needs listing: it has fewer than `perChannel` uploads, and its listing has not ended. */
export function isOpen({ state, listed, listingEnded }: FoundChannel, perChannel: number): boolean {
  return state === "accepted" && listingEnded === null && listed < perChannel;
}

type ListingState = Omit<Standing, "saved">;

/**
 * Lists a channel until it has as many videos as are wanted, or its list ends. It restarts once at the first page if
 * YouTube refuses a page, page tokens repeat, or the list shrinks meanwhile (later items move up to an earlier page);
 * known videos are not counted again. If that does not help, the channel stays open for a later run.
 * @returns 1 if nothing is left to do, 0 if the channel stays open
 */
async function listAll(context: CollectContext, listing: Listing): Promise<number> {
  const { store, youtube, settings, signal } = context;
  const { channelId, uploads } = listing;
  const { perChannel: most } = settings;
  const isUnfinished = ({ listed, listingEnded }: ListingState) => listingEnded === null && listed < most;
  let standing: ListingState = { ...listing, listingEnded: null };
  let walk = new ListWalk();
  let isSecond = false;
  while (isUnfinished(standing) && !signal?.aborted) {
    const pageToken = standing.nextPageToken;
    const page = await readUploads(youtube.call, uploads, pageToken, computeFirstDay(context));
    const refused = walk.problemWith(page);
    const startsOver: boolean = refused !== null && pageToken !== null && !isSecond;
    const isStuck = refused !== null && !startsOver;
    const wasListed = standing.listed > 0 || isSecond;
    const refusal =
      isStuck && pageToken === null ? await findListingEnd(context, { channelId, refused, wasListed }) : null;
    const after = await store.saveListing({
      channelId,
      pageToken,
      refused,
      most,
      // Videos that moved up must be saved before those after them, so this page waits for the restart.
      videoIds: refused === SHRINKS ? [] : page.videoIds,
      nextPageToken: refused === null ? page.nextPageToken : null,
      ended: refused === null ? page.ended : refusal,
    });
    if (after === null) return 1;
    standing = after;
    if (isStuck && after.saved) break;
    // If another program listed this page, its tokens do not belong to this walk.
    if (startsOver || !after.saved) walk = new ListWalk();
    isSecond ||= startsOver;
  }
  return isUnfinished(standing) ? 0 : 1;
}

function computeFirstDay({ settings: { sinceDays }, now }: CollectContext): Date | null {
  return sinceDays === null ? null : new Date(now().getTime() - sinceDays * DAY_MS);
}

/**
 * Why a refused first page ends the listing; null if it does not. It ends the listing of a channel that was never
 * listed. Another channel's pages did exist, so its listing ends only if the channel is gone.
 */
async function findListingEnd(
  { youtube }: CollectContext,
  { channelId, refused, wasListed }: { channelId: string; refused: string; wasListed: boolean },
): Promise<string | null> {
  if (!wasListed) return refused;
  return (await readChannels(youtube.call, [channelId])).has(channelId) ? null : "channel gone";
}

/** One walk through the pages of a list, starting at the first. */
class ListWalk {
  readonly #tokens = new Set<string>();
  /** Number of items in the list according to the last page. */
  #items = 0;
  #emptyPages = 0;

  /** Records a page. @returns why the walk cannot continue; null if it can */
  problemWith({ refused, items, isEmpty, nextPageToken }: UploadsRead): string | null {
    if (refused !== null) return refused;
    if (items !== null && items < this.#items) return SHRINKS;
    this.#items = items ?? 0;
    if (nextPageToken === null) return null;
    if (this.#tokens.has(nextPageToken)) return "page tokens lead in a circle";
    this.#tokens.add(nextPageToken);
    this.#emptyPages = isEmpty ? this.#emptyPages + 1 : 0;
    return this.#emptyPages > MOST_EMPTY_PAGES || this.#tokens.size > MOST_PAGES ? "pages without end" : null;
  }
}
