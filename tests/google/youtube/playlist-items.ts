import type { Parameters } from "../discovery";
import { incompatible, noFilter, playlistForbidden, playlistNotFound } from "../errors";
import type { Channel, Video } from "../world";
import { type Context, isThere } from "./context";
import { pageOf, shownOn, tokensBeside } from "./page";
import { etagOf, type Makers, partsOf, time, withParts } from "./parts";
import { picturesOf } from "./pictures";

const PARTS = { all: ["contentDetails", "id", "snippet", "status"] };
const FILTERS = ["id", "playlistId"];
/** No playlist shows more. */
const MAX_ITEMS = 20_000;

/** A video at a place of a playlist. */
interface Item {
  video: Video;
  position: number;
  playlistId: string;
}

/** A private video stands in the list without its facts; a deleted one, for a while, as if it were there. */
function snippetOf(context: Context, { video, position, playlistId }: Item) {
  const isPrivate = video.state === "private";
  const title = isPrivate ? "Private video" : video.title;
  return {
    publishedAt: time(video.publishedAt),
    channelId: video.channel.id,
    title,
    description: isPrivate ? "This video is private." : `${title}. ${video.channel.description}`,
    thumbnails: isPrivate ? {} : picturesOf(context.origin, video),
    channelTitle: video.channel.title,
    playlistId,
    position,
    resourceId: { kind: "youtube#video", videoId: video.id },
    ...(isPrivate ? {} : { videoOwnerChannelTitle: video.channel.title, videoOwnerChannelId: video.channel.id }),
  };
}

const MAKERS: Makers<Item> = {
  snippet: snippetOf,
  contentDetails: (_, { video: { id: videoId, state, publishedAt } }) =>
    state === "private" ? { videoId } : { videoId, videoPublishedAt: time(publishedAt) },
  status: (_, { video: { state } }) => ({ privacyStatus: state === "private" ? "private" : "public" }),
};

function itemOf(context: Context, item: Item, parts: Set<string>) {
  const { id, state } = item.video;
  const shown = { kind: "youtube#playlistItem", etag: etagOf(id, state), id: `${item.playlistId}.${id}` };
  return withParts(shown, parts, MAKERS, context, item);
}

function uploadsOf(context: Context, playlistId: string): Channel {
  const channel = playlistId.startsWith("UU") ? context.world.channel(`UC${playlistId.slice(2)}`) : undefined;
  if (context.options.forbiddenPlaylists.includes(playlistId)) throw playlistForbidden();
  if (!isThere(context, channel)) throw playlistNotFound();
  return channel;
}

/** Places of the uploads, newest first, in the order in which the list has them. */
function orderOf(total: number, outOfOrder: boolean): number[] {
  const places = Array.from({ length: total }, (_, place) => place);
  if (!outOfOrder) return places;
  const shown = (place: number) => (place % 7 === 0 ? place + 40.5 : place);
  return places.sort((a, b) => shown(a) - shown(b));
}

/** playlistItems.list of a channel's uploads: newest first. */
export function listPlaylistItems(context: Context, parameters: Parameters): object {
  const parts = partsOf(parameters, PARTS);
  const filters = FILTERS.filter((name) => parameters.has(name));
  if (filters.length > 1) throw incompatible(filters);
  if (filters.length === 0) throw noFilter(FILTERS);
  const playlistId = parameters.text("playlistId") ?? "";
  const channel = uploadsOf(context, playlistId);
  const page = pageOf(parameters, "playlist", context.pageFault);
  const total = Math.min(MAX_ITEMS, context.world.uploads(channel, context.at));
  const [from, to] = shownOn(page, total);
  const order = orderOf(total, context.options.uploadsOutOfOrder);
  const itemAt = (place: number, at: number) =>
    itemOf(
      context,
      { video: context.world.upload(channel, place, context.at), position: from + at, playlistId },
      parts,
    );
  return {
    kind: "youtube#playlistItemListResponse",
    etag: "",
    ...tokensBeside(page, total, "playlist"),
    items: order.slice(from, to).map(itemAt),
    pageInfo: { totalResults: page.fault === "shrunkList" ? total - 5 : total, resultsPerPage: page.size },
  };
}
