import type { Parameters } from "../discovery";
import { invalidParameter } from "../errors";
import { type Channel, type ChannelQuery, searchChannels, type Video } from "../world";
import { type Context, isShown } from "./context";
import { pageOf, shownOn, tokensBeside } from "./page";
import { etagOf, partsOf, time } from "./parts";
import { avatarsOf, picturesOf, SIZES } from "./pictures";

const PARTS = { all: ["id", "snippet"] };
const TYPES = ["channel", "playlist", "video"];
/** No search yields more. */
const MAX_RESULTS = 500;
/** Searches of one world whose results are kept. */
const MAX_KEPT = 64;

type Result = { channel: Channel } | { video: Video };

/** Search, alone of the methods, answers HTML-escaped titles and descriptions. */
const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;").replaceAll("<", "&lt;");

function channelSnippet(context: Context, channel: Channel) {
  const title = escaped(channel.title);
  return {
    publishedAt: time(channel.createdAt),
    channelId: channel.id,
    title,
    description: escaped(channel.description).slice(0, 150),
    thumbnails: avatarsOf(context.origin, channel),
    channelTitle: title,
    liveBroadcastContent: channel.index % 5 === 3 ? "upcoming" : "none",
  };
}

function videoSnippet(context: Context, video: Video) {
  return {
    publishedAt: time(video.publishedAt),
    channelId: video.channel.id,
    title: escaped(video.title),
    description: escaped(video.channel.description).slice(0, 150),
    thumbnails: picturesOf(context.origin, video, SIZES.slice(0, 3)),
    channelTitle: escaped(video.channel.title),
    liveBroadcastContent: video.broadcast,
  };
}

function itemOf(context: Context, result: Result, parts: Set<string>) {
  const snippet = () =>
    "channel" in result ? channelSnippet(context, result.channel) : videoSnippet(context, result.video);
  const id =
    "channel" in result
      ? { kind: "youtube#channel", channelId: result.channel.id }
      : { kind: "youtube#video", videoId: result.video.id };
  const etag = etagOf("channel" in result ? result.channel.id : result.video.id);
  return { kind: "youtube#searchResult", etag, id, ...(parts.has("snippet") ? { snippet: snippet() } : {}) };
}

function queryOf(parameters: Parameters): ChannelQuery {
  const date = (name: string) => (parameters.has(name) ? Date.parse(parameters.text(name) ?? "") : undefined);
  return {
    q: parameters.text("q") ?? "",
    order: parameters.text("order") ?? "relevance",
    relevanceLanguage: parameters.text("relevanceLanguage"),
    publishedAfter: date("publishedAfter"),
    publishedBefore: date("publishedBefore"),
  };
}

const kept = new WeakMap<object, Map<string, Channel[]>>();

/** Ranked once a query: pages of one search are of one list. */
function channelsFor(context: Context, query: ChannelQuery): Channel[] {
  const ofWorld = kept.get(context.world) ?? new Map<string, Channel[]>();
  kept.set(context.world, ofWorld);
  const key = JSON.stringify(query);
  const found = ofWorld.get(key) ?? searchChannels(context.world, query);
  if (ofWorld.size >= MAX_KEPT) ofWorld.clear();
  ofWorld.set(key, found);
  return found;
}

/** A channel's videos by search: it lags two days, and misses one in seven. */
function videosIn(context: Context, channel: Channel): Video[] {
  const before = context.at - 2 * 86_400_000;
  const places = Array.from({ length: context.world.uploads(channel, before) }, (_, place) => place);
  const videos = places.map((place) => context.world.upload(channel, place, before));
  return videos.filter((video) => video.number % 7 !== 3 && isShown(context, video));
}

function resultsOf(context: Context, parameters: Parameters): Result[] {
  const types = parameters.has("type") ? parameters.list("type") : TYPES;
  const within = parameters.has("channelId") ? context.world.channel(parameters.text("channelId") ?? "") : undefined;
  if (within)
    return types.includes("video") ? videosIn(context, within).map((video) => ({ video })) : [{ channel: within }];
  if (parameters.has("channelId")) return [];
  const channels = channelsFor(context, queryOf(parameters)).map((channel) => ({ channel }));
  if (types.includes("channel")) return channels;
  return types.includes("video")
    ? channels.flatMap(({ channel }) => videosIn(context, channel).slice(0, 1)).map((video) => ({ video }))
    : [];
}

function checkCodes(parameters: Parameters): void {
  const region = parameters.text("regionCode");
  const language = parameters.text("relevanceLanguage");
  if (region !== undefined && !/^[A-Za-z]{2}$/.test(region))
    throw invalidParameter("regionCode", "The <code>regionCode</code> parameter specifies an invalid region code.");
  if (language !== undefined && !/^[a-z]{2,3}(-[A-Za-z]+)?$/.test(language))
    throw invalidParameter("relevanceLanguage", "Invalid relevance language.");
  const unknown = parameters.list("type").find((type) => !TYPES.includes(type));
  if (unknown !== undefined)
    throw invalidParameter("type", `Invalid string value: '${unknown}'. Allowed values: [${TYPES.join(", ")}]`);
}

/** search.list: at most 500 results, a channel now and then twice, channels that are gone among them; the total is a guess. */
export function listSearch(context: Context, parameters: Parameters): object {
  const parts = partsOf(parameters, PARTS);
  checkCodes(parameters);
  const results = resultsOf(context, parameters).slice(0, MAX_RESULTS);
  const page = pageOf(parameters, "list", context.pageFault);
  const shown = results.slice(...shownOn(page, results.length));
  return {
    kind: "youtube#searchListResponse",
    etag: "",
    ...tokensBeside(page, results.length, "list"),
    regionCode: (parameters.text("regionCode") ?? "US").toUpperCase(),
    pageInfo: { totalResults: results.length === 0 ? 0 : 1_000_000 - page.offset * 37, resultsPerPage: page.size },
    items: shown.map((result) => itemOf(context, result, parts)),
  };
}
