import type { FoundChannel, ListingPage } from "../store";
import type { Stage } from "../tasks";
import { Page, UploadItem } from "./answers";
import type { Call } from "./call";
import { type CollectContext, type Listing, untilAborted } from "./context";
import { ItemRefused } from "./errors";

const ITEMS_PER_PAGE = 50;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Lists the uploads of accepted channels, newest first, up to so many of each, and no more of them than that: a later
 * run that wants more goes on from there. Items are channels.
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

async function listAll({ store, youtube, settings, signal, now }: CollectContext, listing: Listing): Promise<number> {
  const since = settings.sinceDays === null ? null : new Date(now().getTime() - settings.sinceDays * DAY_MS);
  let [listed, pageToken] = [listing.listed, listing.nextPageToken];
  while (listed < settings.perChannel && !signal?.aborted) {
    const size = Math.min(ITEMS_PER_PAGE, settings.perChannel - listed);
    const page = await pageOf(youtube.call, { ...listing, nextPageToken: pageToken }, size, since);
    // False: another program listed this page; the channel is its to go on with.
    if (!(await store.saveListing(page)) || page.ended !== null) return 1;
    listed += page.videoIds.length;
    pageToken = page.nextPageToken;
  }
  return listed < settings.perChannel ? 0 : 1;
}

async function pageOf(call: Call, listing: Listing, size: number, since: Date | null): Promise<ListingPage> {
  const { channelId, uploads, nextPageToken: pageToken } = listing;
  const ending = (ended: string): ListingPage => ({ channelId, pageToken, nextPageToken: null, ended, videoIds: [] });
  if (uploads === null) return ending("no uploads");
  try {
    const answer = await call({
      method: "playlistItems.list",
      send: (api) =>
        api.playlistItems.list({
          part: ["contentDetails"],
          playlistId: uploads,
          maxResults: size,
          fields: "nextPageToken,items/contentDetails(videoId,videoPublishedAt)",
          ...(pageToken === null ? {} : { pageToken }),
        }),
      answer: Page,
    });
    const items = answer.items.flatMap((item) => UploadItem.safeParse(item).data?.contentDetails ?? []);
    const isRecent = ({ videoPublishedAt: at }: (typeof items)[number]) => !since || !at || at >= since;
    const next = answer.nextPageToken === pageToken ? null : (answer.nextPageToken ?? null);
    const ended = !items.every(isRecent) ? "older" : next === null ? "exhausted" : null;
    const videoIds = items.filter(isRecent).map(({ videoId }) => videoId);
    return { channelId, pageToken, nextPageToken: ended === null ? next : null, ended, videoIds };
  } catch (thrown) {
    if (!(thrown instanceof ItemRefused)) throw thrown;
    return ending(thrown.reason);
  }
}
