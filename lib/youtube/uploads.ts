import type { Stage } from "../base";
import type { FoundChannel, Standing } from "../store";
import { type CollectContext, type Listing, untilAborted } from "./context";
import { readChannels } from "./read-channels";
import { readUploads, type UploadsRead } from "./read-uploads";

const DAY_MS = 24 * 3600 * 1000;

/** More than the 20,000 items that a playlist shows can fill. */
const MOST_PAGES = 1000;
const MOST_EMPTY_PAGES = 10;

/** Why a list has to be read again from its first page: what moved up past a page's edge was missed. */
const SHRINKS = "the list shrinks";

/**
 * Lists the uploads of accepted channels, newest first, up to so many of each, and no more of them than that: a later
 * run that wants more continues from there. Items are channels.
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

/** Whether there may be more to list of a channel. */
export function isOpen({ state, listed, listingEnded }: FoundChannel, perChannel: number): boolean {
  return state === "accepted" && listingEnded === null && listed < perChannel;
}

type ListingState = Omit<Standing, "saved">;

/**
 * Lists a channel until it has as many videos as are wanted, or ends. A page that YouTube refuses, tokens that lead in a
 * circle, and a list that shrinks meanwhile (what follows moves up past the page's edge) make it begin once more at the
 * first page; what is known is not counted again. Where that does not help the channel stays open for a later run.
 * @returns 1 if nothing is left to do, 0 where the channel stays open
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
      // What moved up is to be kept before what comes after it.
      videoIds: refused === SHRINKS ? [] : page.videoIds,
      nextPageToken: refused === null ? page.nextPageToken : null,
      ended: refused === null ? page.ended : refusal,
    });
    if (after === null) return 1;
    standing = after;
    if (isStuck && after.saved) break;
    // Where another program listed this page, its tokens are not those of this walk.
    if (startsOver || !after.saved) walk = new ListWalk();
    isSecond ||= startsOver;
  }
  return isUnfinished(standing) ? 0 : 1;
}

function computeFirstDay({ settings: { sinceDays }, now }: CollectContext): Date | null {
  return sinceDays === null ? null : new Date(now().getTime() - sinceDays * DAY_MS);
}

/**
 * Whether a first page that is refused ends the listing: of a channel that was never listed it does; of another only
 * where the channel is gone, for its pages were there.
 */
async function findListingEnd(
  { youtube }: CollectContext,
  { channelId, refused, wasListed }: { channelId: string; refused: string; wasListed: boolean },
): Promise<string | null> {
  if (!wasListed) return refused;
  return (await readChannels(youtube.call, [channelId])).has(channelId) ? null : "channel gone";
}

/** One way through the pages of a list, from the first on. */
class ListWalk {
  readonly #tokens = new Set<string>();
  /** How many items the list was last said to have. */
  #items = 0;
  #emptyPages = 0;

  /** Notes a page. @returns why the walk cannot be continued; null if it can */
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
