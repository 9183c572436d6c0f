import { durationSeconds } from "../../../lib/base/duration";
import type { Parameters } from "../discovery";
import { forbidden, incompatible, invalidFilters, noFilter, requiredParameter } from "../errors";
import type { Video } from "../world";
import { type Context, isShown } from "./context";
import { etagOf, type Makers, partsOf, time, withParts } from "./parts";
import { picturesOf } from "./pictures";

const PARTS = {
  all: [
    "contentDetails",
    "fileDetails",
    "id",
    "liveStreamingDetails",
    "localizations",
    "paidProductPlacementDetails",
    "player",
    "processingDetails",
    "recordingDetails",
    "snippet",
    "statistics",
    "status",
    "suggestions",
    "topicDetails",
  ],
  ownersOnly: ["fileDetails", "processingDetails", "suggestions"],
};
const STAT_PARTS = { all: ["contentDetails", "id", "snippet", "statistics"] };
const FILTERS = ["chart", "id", "myRating"];
const MAX_IDS = 50;

function snippetOf(context: Context, video: Video) {
  const { title, channel, audioLanguage, categoryId } = video;
  const description = `${title}. ${channel.description}`;
  return {
    publishedAt: time(video.publishedAt),
    channelId: channel.id,
    title,
    description,
    thumbnails: picturesOf(context.origin, video),
    channelTitle: channel.title,
    tags: [channel.niche.name, ...channel.niche.words.slice(1, 4)],
    categoryId,
    liveBroadcastContent: video.broadcast,
    ...(audioLanguage === undefined || video.number % 2 ? {} : { defaultLanguage: audioLanguage }),
    localized: { title, description },
    ...(audioLanguage === undefined ? {} : { defaultAudioLanguage: audioLanguage }),
  };
}

const contentDetailsOf = (_: Context, { duration }: Video) => ({
  duration,
  dimension: "2d",
  definition: "hd",
  caption: "false",
  licensedContent: true,
  contentRating: {},
  projection: "rectangular",
});

function statisticsOf(_: Context, { views, likes, comments }: Video) {
  return {
    ...(views === undefined ? {} : { viewCount: String(views) }),
    ...(likes === undefined ? {} : { likeCount: String(likes) }),
    favoriteCount: "0",
    ...(comments === undefined ? {} : { commentCount: String(comments) }),
  };
}

/** Only of a video that is, was or will be a stream. */
function streamOf(_: Context, { stream, broadcast, id }: Video) {
  if (stream === undefined) return undefined;
  if (broadcast === "upcoming") return { scheduledStartTime: time(stream.startAt), activeLiveChatId: `chat-${id}` };
  if (stream.endAt === undefined) return { actualStartTime: time(stream.startAt), concurrentViewers: "123" };
  return { actualStartTime: time(stream.startAt), actualEndTime: time(stream.endAt) };
}

const STATUS = {
  uploadStatus: "processed",
  privacyStatus: "public",
  license: "youtube",
  embeddable: true,
  publicStatsViewable: true,
  madeForKids: false,
};

const MAKERS: Makers<Video> = {
  snippet: snippetOf,
  contentDetails: contentDetailsOf,
  status: () => STATUS,
  statistics: statisticsOf,
  liveStreamingDetails: streamOf,
  player: (_, { id }) => ({ embedHtml: `<iframe src="//www.youtube.com/embed/${id}"></iframe>` }),
  topicDetails: (_, { channel }) => ({ topicCategories: [`https://en.wikipedia.org/wiki/${channel.niche.name}`] }),
  recordingDetails: () => ({}),
  localizations: () => ({}),
  paidProductPlacementDetails: () => ({ hasPaidProductPlacement: false }),
};

function itemOf(context: Context, video: Video, parts: Set<string>) {
  const item = { kind: "youtube#video", etag: etagOf(video.id, video.views), id: video.id };
  return withParts(item, parts, MAKERS, context, video);
}

/** videos.list: in the order asked for; removed and private ones, and unknown ids, are left out without a word. */
export function listVideos(context: Context, parameters: Parameters): object {
  const parts = partsOf(parameters, PARTS);
  const filters = FILTERS.filter((name) => parameters.has(name));
  if (filters.length > 1) throw incompatible(filters);
  if (filters.length === 0) throw noFilter(FILTERS);
  if (filters[0] === "myRating") throw forbidden();
  const ids = [...new Set(parameters.list("id"))];
  if (ids.length > MAX_IDS) throw invalidFilters();
  const videos = ids.map((id) => context.world.video(id, context.at)).filter((video) => isShown(context, video));
  const items = videos.map((video) => itemOf(context, video, parts));
  return {
    kind: "youtube#videoListResponse",
    etag: "",
    items,
    pageInfo: { totalResults: items.length, resultsPerPage: items.length },
  };
}

const STAT_MAKERS: Makers<Video> = {
  snippet: (_, { publishedAt }) => ({ publishTime: time(publishedAt) }),
  contentDetails: (_, { duration }) => ({ duration: `${durationSeconds(duration) ?? 0}s` }),
  statistics: (context, video) => {
    const { favoriteCount: _, ...rest } = statisticsOf(context, video);
    return rest;
  },
};

/** videos.batchGetStats: as videos.list leaves videos out, and now and then others too, since it is "not atomic". */
export function batchGetStats(context: Context, parameters: Parameters): object {
  for (const name of ["part", "id"]) if (!parameters.has(name)) throw requiredParameter(name);
  const parts = partsOf(parameters, STAT_PARTS);
  const ids = [...new Set(parameters.list("id"))];
  if (ids.length > MAX_IDS) throw invalidFilters();
  const shown = ids.filter((id) => !context.options.unanswered.includes(id));
  const videos = shown.map((id) => context.world.video(id, context.at)).filter((video) => isShown(context, video));
  const items = videos.map((video) => {
    const item = { kind: "youtube#videoStats", etag: etagOf(video.id, video.views), id: video.id };
    return withParts(item, parts, STAT_MAKERS, context, video);
  });
  return { kind: "youtube#batchGetStatsResponse", etag: "", items };
}
