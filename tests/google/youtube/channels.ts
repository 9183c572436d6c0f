import type { Parameters } from "../discovery";
import { forbidden, incompatible, invalidFilters, noFilter } from "../errors";
import { type Channel, uploadsPlaylistOf } from "../world";
import { type Context, isThere } from "./context";
import { pageOf, tokensBeside } from "./page";
import { etagOf, type Makers, partsOf, time, withParts } from "./parts";
import { avatarsOf } from "./pictures";

const PARTS = {
  all: [
    "auditDetails",
    "brandingSettings",
    "contentDetails",
    "contentOwnerDetails",
    "id",
    "localizations",
    "snippet",
    "statistics",
    "status",
    "topicDetails",
  ],
  ownersOnly: ["auditDetails"],
};
const FILTERS = ["id", "forHandle", "forUsername", "categoryId", "managedByMe", "mine", "mySubscribers"];
const MAX_IDS = 50;

function snippetOf(context: Context, channel: Channel) {
  const { title, description, handle, createdAt, language, country } = channel;
  return {
    title,
    description,
    customUrl: handle,
    publishedAt: time(createdAt),
    thumbnails: avatarsOf(context.origin, channel),
    // Few owners say it.
    ...(channel.index % 3 === 0 ? { defaultLanguage: language } : {}),
    localized: { title, description },
    ...(country === undefined ? {} : { country }),
  };
}

function statisticsOf(context: Context, channel: Channel) {
  const uploads = context.world.uploads(channel, context.at);
  return {
    viewCount: String(channel.subscribers * 90),
    // Hidden, the API shows 0.
    subscriberCount: channel.hiddenSubscribers ? "0" : String(channel.subscribers),
    hiddenSubscriberCount: channel.hiddenSubscribers,
    videoCount: String(uploads),
  };
}

const MAKERS: Makers<Channel> = {
  snippet: snippetOf,
  contentDetails: (_, { id }) => ({ relatedPlaylists: { likes: "", uploads: uploadsPlaylistOf(id) } }),
  statistics: statisticsOf,
  status: () => ({ privacyStatus: "public", isLinked: true, longUploadsStatus: "longUploadsUnspecified" }),
  brandingSettings: (_, { title, description, country }) => ({
    channel: { title, description, ...(country === undefined ? {} : { country }) },
  }),
  topicDetails: (_, { niche }) => ({ topicCategories: [`https://en.wikipedia.org/wiki/${niche.name}`] }),
  localizations: () => ({}),
  contentOwnerDetails: () => ({}),
};

function itemOf(context: Context, channel: Channel, parts: Set<string>) {
  const { id } = channel;
  const item = { kind: "youtube#channel", etag: etagOf(id, context.world.uploads(channel, context.at)), id };
  return withParts(item, parts, MAKERS, context, channel);
}

function byHandle({ world }: Context, handle: string): Channel[] {
  const all = Array.from({ length: world.channelCount }, (_, index) => world.channelAt(index));
  const wanted = `@${handle.replace(/^@/, "").toLowerCase()}`;
  return all.filter((channel) => channel.handle.toLowerCase() === wanted).slice(0, 1);
}

function channelsOf(context: Context, parameters: Parameters, filter: string): Channel[] {
  if (filter === "mine") {
    if (!context.owner) throw forbidden();
    return [context.owner];
  }
  if (filter === "forHandle") return byHandle(context, parameters.text("forHandle") ?? "");
  if (filter !== "id") return [];
  const ids = [...new Set(parameters.list("id"))];
  if (ids.length > MAX_IDS) throw invalidFilters();
  // Not in the order asked for.
  return ids.sort().flatMap((id) => context.world.channel(id) ?? []);
}

/** channels.list: channels that are gone are left out. */
export function listChannels(context: Context, parameters: Parameters): object {
  const parts = partsOf(parameters, PARTS);
  const filters = FILTERS.filter((name) => parameters.has(name));
  if (filters.length > 1) throw incompatible(filters);
  const channels = channelsOf(context, parameters, filters[0] ?? fail()).filter((channel) => isThere(context, channel));
  const page = pageOf(parameters, "list");
  const items = channels.slice(page.offset, page.offset + page.size).map((channel) => itemOf(context, channel, parts));
  return {
    kind: "youtube#channelListResponse",
    etag: "",
    ...tokensBeside(page, channels.length, "list"),
    pageInfo: { totalResults: channels.length, resultsPerPage: page.size },
    // Nothing found, the API leaves the list out.
    ...(items.length === 0 ? {} : { items }),
  };
}

function fail(): never {
  throw noFilter(FILTERS);
}
