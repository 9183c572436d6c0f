import type { Parameters } from "../discovery";
import { forbidden, incompatible, invalidFilters, noFilter } from "../errors";
import type { Video } from "../world";
import { type Context, isShown } from "./context";
import { chosen, etagOf, partsOf, time } from "./parts";
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

const contentDetailsOf = ({ duration }: Video) => ({
  duration,
  dimension: "2d",
  definition: "hd",
  caption: "false",
  licensedContent: true,
  contentRating: {},
  projection: "rectangular",
});

function statisticsOf({ views, likes, comments }: Video) {
  return {
    ...(views === undefined ? {} : { viewCount: String(views) }),
    ...(likes === undefined ? {} : { likeCount: String(likes) }),
    favoriteCount: "0",
    ...(comments === undefined ? {} : { commentCount: String(comments) }),
  };
}

function streamOf({ stream, broadcast, id }: Video) {
  if (stream === undefined) return undefined;
  if (broadcast === "upcoming") return { scheduledStartTime: time(stream.startAt), activeLiveChatId: `chat-${id}` };
  if (stream.endAt === undefined) return { actualStartTime: time(stream.startAt), concurrentViewers: "123" };
  return { actualStartTime: time(stream.startAt), actualEndTime: time(stream.endAt) };
}

function itemOf(context: Context, video: Video, parts: Set<string>) {
  const { id, views, broadcast } = video;
  const stream = parts.has("liveStreamingDetails") ? streamOf(video) : undefined;
  return {
    kind: "youtube#video",
    etag: etagOf(id, views, broadcast, [...parts].join()),
    id,
    ...chosen(parts, {
      snippet: () => snippetOf(context, video),
      contentDetails: () => contentDetailsOf(video),
      status: () => ({
        uploadStatus: "processed",
        privacyStatus: "public",
        license: "youtube",
        embeddable: true,
        publicStatsViewable: true,
        madeForKids: false,
      }),
      statistics: () => statisticsOf(video),
      player: () => ({ embedHtml: `<iframe src="//www.youtube.com/embed/${id}"></iframe>` }),
      topicDetails: () => ({ topicCategories: [`https://en.wikipedia.org/wiki/${video.channel.niche.name}`] }),
      recordingDetails: () => ({}),
      localizations: () => ({}),
      paidProductPlacementDetails: () => ({ hasPaidProductPlacement: false }),
    }),
    ...(stream ? { liveStreamingDetails: stream } : {}),
  };
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
