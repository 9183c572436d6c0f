import { bySkipping, collect, paged } from "./batches";
import type { Database } from "./database";
import { type Thumbnail, toVideoRow, type Video } from "./video";

/** One page of results of a search for channels. */
export interface SearchPage {
  niche: string;
  query: string;
  /** Index of the page within its query, from 0. */
  page: number;
  /** Null on the last page. */
  nextPageToken: string | null;
  /** In the order of the answer. */
  channelIds: string[];
}

/** A channel that a search found: not judged yet, accepted, or rejected with a reason. */
export interface FoundChannel {
  channelId: string;
  niche: string;
  /** 1, 2, ... in the order in which searches found it. */
  place: number;
  state: "found" | "accepted" | "rejected";
  reason: string | null;
  title: string | null;
  subscribers: number | null;
  /** Playlist of its uploads. */
  uploads: string | null;
  /** Uploads listed so far. */
  listed: number;
  /** Token of the next page of uploads; null before the first page and after the last. */
  nextPageToken: string | null;
  /** Why the listing is complete; null while there may be more uploads, even if enough are listed. */
  listingEnded: string | null;
  /** Why the last attempt to list stopped although there may be more; null if it succeeded. */
  listingRefused: string | null;
}

/** The decision about a channel after its details were read. */
export interface JudgedChannel
  extends Pick<FoundChannel, "channelId" | "reason" | "title" | "subscribers" | "uploads"> {
  state: "accepted" | "rejected";
  readAt: Date;
}

/** One page of a channel's uploads. */
export interface ListingPage {
  channelId: string;
  /** Token that requested this page; null for the first page. */
  pageToken: string | null;
  nextPageToken: string | null;
  ended: string | null;
  refused: string | null;
  videoIds: string[];
  /** Most videos to keep for the channel. */
  most: number;
}

/** Position of a channel's listing. */
export interface Standing extends Pick<FoundChannel, "listed" | "nextPageToken" | "listingEnded"> {
  /** False if the listing had moved on since the page was requested, so that the page had no effect. */
  saved: boolean;
}

/** A video whose details were read; its picture is still to be fetched. */
export interface Reading {
  video: Video;
  /** In the order in which they are tried. */
  thumbnailUrls: string[];
}

/** A requested video that is not available. */
export interface Absent {
  videoId: string;
  state: "removed" | "skipped";
  reason: string;
}

/** A video without a picture, and the URLs to fetch it from, in the order in which they are tried. */
export interface WantedThumbnail {
  videoId: string;
  thumbnailUrls: string[];
}

/** The outcome for a wanted picture. */
export type ThumbnailOutcome = { videoId: string; picture: Thumbnail } | { videoId: string; refusal: string };

/** Progress of a collection. */
export interface CollectionCounts {
  searches: number;
  channels: Record<FoundChannel["state"], number>;
  /** Accepted channels of each niche. */
  niches: Record<string, number>;
  videos: { listed: number; stored: number; skipped: number; removed: number; purged: number };
  pictures: { wanted: number; kept: number; refused: number };
}

/** A reason for leaving out channels, videos or pictures, and how many it applied to. */
export interface CollectionRefusal {
  kind: "channels" | "videos" | "pictures";
  reason: string;
  refused: number;
}

/**
 * The state of a collection, so that each stage can resume from the store alone. Every call is one idempotent
 * transaction, even when several machines make it: it changes only rows that are still as the caller read them.
 */
export interface Collection {
  /**
   * Saves a page of a search and the channels that it found first.
   * @param restartsAt token at which a query starts over: if the query is still at it, this page replaces its pages
   */
  saveSearchPage(page: SearchPage, restartsAt?: string | null): Promise<void>;
  /** Ordered by niche, query and page. */
  searchPages(): Promise<SearchPage[]>;
  /** Ordered by place. */
  foundChannels(): Promise<FoundChannel[]>;
  /** Saves decisions about channels that are still `found`. */
  judgeChannels(judged: JudgedChannel[]): Promise<void>;
  /**
   * Saves a page of a channel's uploads if its listing is at `pageToken`.
   * @returns the listing's position afterwards; null if there is no such channel
   */
  saveListing(page: ListingPage): Promise<Standing | null>;
  /** Ids of videos whose details are still to be read, ordered by id. */
  listedVideos(): AsyncIterable<string>;
  /** Stores the videos that are still listed, or why they are not available; returns how many were still listed. */
  saveReadings(read: Reading[], absent: Absent[]): Promise<number>;
  /** Stored videos whose picture is neither saved nor refused, ordered by id. */
  wantedPictures(): AsyncIterable<WantedThumbnail>;
  /** Saves pictures, or why there is none, for videos that still lack one. */
  savePictures(outcomes: ThumbnailOutcome[]): Promise<void>;
  collectionCounts(): Promise<CollectionCounts>;
  /** Ordered by kind, the most frequent reason first. */
  collectionRefusals(): Promise<CollectionRefusal[]>;
}

interface SearchRow {
  niche: string;
  query: string;
  page: number;
  next_page_token: string | null;
  channel_ids: string[];
}

interface ChannelRow extends Pick<FoundChannel, "niche" | "place" | "state" | "reason" | "title" | "subscribers"> {
  channel_id: string;
  uploads: string | null;
  listed: number;
  next_page_token: string | null;
  listing_ended: string | null;
  listing_refused: string | null;
}

type StandingRow = Pick<ChannelRow, "listed" | "next_page_token" | "listing_ended"> & { saved: boolean };

/** Implements the collection's state on a database. */
export function createCollection(database: Database): Collection {
  const size = database.pageRows;
  return {
    async saveSearchPage({ nextPageToken, channelIds, ...page }, restartsAt = null) {
      const row = { ...page, next_page_token: nextPageToken, channel_ids: channelIds, restarts_at: restartsAt };
      await database.call("save_search_page", { page: row });
    },
    async searchPages() {
      const skip = (skipped: number) => database.call<SearchRow>("search_pages", { skipped, size });
      return (await collect(bySkipping(skip))).map(toSearchPage);
    },
    async foundChannels() {
      const after = (place: number) => database.call<ChannelRow>("found_channels_after", { after: place, size });
      return (await collect(paged(0, after, (row) => row.place))).map(toFoundChannel);
    },
    async judgeChannels(judged) {
      const batch = judged.map(({ channelId, readAt, ...rest }) => ({
        channel_id: channelId,
        read_at: readAt,
        ...rest,
      }));
      await database.call("judge_channels", { batch });
    },
    async saveListing({ channelId, pageToken, nextPageToken, videoIds, ...rest }) {
      const tokens = { page_token: pageToken, next_page_token: nextPageToken };
      const page = { channel_id: channelId, ...tokens, video_ids: videoIds, ...rest };
      const [row] = await database.call<StandingRow>("save_listing", { page });
      return row === undefined ? null : toStanding(row);
    },
    async *listedVideos() {
      const after = (id: string) => database.call<{ video_id: string }>("listed_videos_after", { after: id, size });
      for await (const row of paged("", after, (each) => each.video_id)) yield row.video_id;
    },
    async saveReadings(read, absent) {
      const [row] = await database.call<{ saved: number }>("save_readings", toReadingRows(read, absent));
      return row?.saved ?? 0;
    },
    async *wantedPictures() {
      type Row = { video_id: string; thumbnail_urls: string[] };
      const after = (id: string) => database.call<Row>("wanted_pictures_after", { after: id, size });
      for await (const row of paged("", after, (each) => each.video_id)) {
        yield { videoId: row.video_id, thumbnailUrls: row.thumbnail_urls };
      }
    },
    async savePictures(outcomes) {
      await database.call("save_pictures", { batch: outcomes.map(toPictureRow) });
    },
    async collectionCounts() {
      const [row] = await database.call<{ counts: CollectionCounts }>("collection_counts");
      if (row === undefined) throw new Error("collection_counts returned no row");
      return row.counts;
    },
    collectionRefusals: () => database.call<CollectionRefusal>("collection_refusals"),
  };
}

/** Arguments of `save_readings` and `save_refreshed`. */
export function toReadingRows(read: Reading[], absent: Absent[]) {
  return {
    batch: read.map(({ video, thumbnailUrls }) => ({ ...toVideoRow(video), thumbnail_urls: thumbnailUrls })),
    absent: absent.map(({ videoId, ...rest }) => ({ video_id: videoId, ...rest })),
  };
}

const toSearchPage = ({ next_page_token, channel_ids, ...page }: SearchRow): SearchPage => ({
  ...page,
  nextPageToken: next_page_token,
  channelIds: channel_ids,
});

const toFoundChannel = (row: ChannelRow): FoundChannel => {
  const { channel_id, next_page_token, listing_ended, listing_refused, ...rest } = row;
  const listing = { nextPageToken: next_page_token, listingEnded: listing_ended, listingRefused: listing_refused };
  return { ...rest, channelId: channel_id, ...listing };
};

const toStanding = ({ next_page_token, listing_ended, ...row }: StandingRow): Standing => ({
  ...row,
  nextPageToken: next_page_token,
  listingEnded: listing_ended,
});

const toPictureRow = (outcome: ThumbnailOutcome) =>
  "picture" in outcome
    ? {
        video_id: outcome.videoId,
        picture_sha256: outcome.picture.sha256,
        picture_format: outcome.picture.format,
      }
    : { video_id: outcome.videoId, refusal: outcome.refusal };
