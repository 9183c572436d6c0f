import { createHash } from "node:crypto";
import { COLUMNS, type Column, REQUIRED_COLUMNS, type TableOptions } from "../../config";
import { ColumnsMissing, ColumnUnknown } from "../errors";
import type { RefusalCode } from "../refusal";
import { parseRate } from "../values";

export { COLUMNS, type Column, OPTIONAL_COLUMNS, REQUIRED_COLUMNS } from "../../config";

/** The cells of one row as text, by column; a column the table lacks is absent. */
export type Cells = Partial<Record<Column, string>>;

/** What is wrong with a row, found before its cells are parsed. */
export interface RowFault {
  code: RefusalCode;
  reason: string;
}

/** A raw row of the table: its cells, or what is wrong with it. */
export type RawRow = {
  /** Line of a text file on which it starts (a header is line 1), or row number of a Parquet file (from 1). */
  line: number;
  /** Name of the row's file, if the table is a folder. */
  file?: string;
} & ({ cells: Cells } | { fault: RowFault });

/** Where a table holds the values of our columns. */
export interface Mapping {
  sources: Map<Column, Exclude<Source, string>[]>;
  constants: Cells;
  missing: Column[];
  layout: Layout | undefined;
  /** Which columns were read as which, in words; empty if the table uses our own names. */
  notes: string[];
}

/**
 * Source of a column's value: a column of the table and, if its format differs, a function that converts its cells to
 * ours.
 */
type Source = string | { from: string; read: (cell: string) => string };

/** By our column, the table's columns; if there are several, the first that is not blank in a row counts. */
type Sources = Partial<Record<Column, Source[]>>;

/** A table format of another program: how it is recognised, and which of its columns are ours. */
interface Layout {
  name: string;
  /** A table has this layout if it has all of these columns. */
  signs: string[];
  columns: Sources;
  /** False for a row that is not a video, such as a total. */
  isVideo?: (cell: (name: string) => string) => boolean;
}

/** One entry per layout; the first that fits is used. Columns with our own names need no entry. */
const LAYOUTS: Layout[] = [
  {
    name: "a YouTube Studio table",
    signs: ["Video title", "Video publish time", "Views"],
    columns: {
      video_id: ["Content", "Video"],
      title: ["Video title"],
      published_at: ["Video publish time"],
      duration: ["Duration"],
      views: ["Engaged views", "Views"],
      views_unit: [{ from: "Engaged views", read: engagedIfSaid }],
      true_ctr: [{ from: "Impressions click-through rate (%)", read: rateOfPercent }],
    },
    isVideo: (cell) => (cell("Content") || cell("Video")).trim() !== "Total",
  },
  {
    name: "a YouTube Data Tools table",
    signs: ["videoId", "channelId", "videoTitle", "viewCount"],
    columns: {
      video_id: ["videoId"],
      channel_id: ["channelId"],
      channel_title: ["channelTitle"],
      title: ["videoTitle"],
      published_at: ["publishedAt", "publishedAtSQL"],
      views: ["viewCount"],
      likes: ["likeCount"],
      comments: ["commentCount"],
      duration: ["durationSec", "duration"],
      language: ["defaultLAudioLanguage", "defaultAudioLanguage", "defaultLanguage"],
    },
  },
  {
    name: "a trending table of Kaggle",
    signs: ["video_id", "trending_date", "channelId", "view_count"],
    columns: {
      channel_id: ["channelId"],
      channel_title: ["channelTitle"],
      published_at: ["publishedAt"],
      collected_at: ["trending_date"],
      views: ["view_count"],
      comments: ["comment_count"],
    },
  },
  {
    name: "a trending table of Kaggle (2017-2018), whose channels are identified by their titles",
    signs: ["video_id", "trending_date", "publish_time", "channel_title"],
    columns: {
      channel_id: [{ from: "channel_title", read: channelIdOfTitle }],
      published_at: ["publish_time"],
      collected_at: [{ from: "trending_date", read: dayOfYearDayMonth }],
      comments: ["comment_count"],
    },
  },
  {
    name: "yt-dlp's metadata",
    signs: ["id", "title", "channel_id", "upload_date"],
    columns: {
      video_id: ["id"],
      channel_title: ["channel", "uploader"],
      published_at: [{ from: "timestamp", read: instantOfEpoch }, "upload_date"],
      collected_at: [{ from: "epoch", read: instantOfEpoch }],
      views: ["view_count"],
      likes: ["like_count"],
      comments: ["comment_count"],
      subscribers: ["channel_follower_count"],
    },
  },
  {
    name: "a table with an owner's engaged views",
    signs: ["engaged_views"],
    columns: { views: ["engaged_views", "views"], views_unit: [{ from: "engaged_views", read: engagedIfSaid }] },
  },
];

/** Other common names of our columns; used if a table has neither our name nor a layout's. */
const SYNONYMS: Partial<Record<Column, string[]>> = {
  video_id: ["videoId"],
  channel_id: ["channelId"],
  channel_title: ["channelTitle", "channel_name"],
  title: ["video_title", "videoTitle"],
  published_at: ["publishedAt", "publish_time", "publish_date"],
  collected_at: ["fetched_at", "snapshot_utc", "snapshot_date", "collectedAt", "scraped_at"],
  views: ["view_count", "viewCount"],
  likes: ["like_count", "likeCount"],
  comments: ["comment_count", "commentCount"],
  subscribers: ["subscriber_count", "subscriberCount"],
  duration: ["duration_seconds", "duration_iso8601", "durationSec"],
  language: ["audio_language", "default_language", "defaultAudioLanguage", "defaultLanguage"],
};

/**
 * Maps a table's columns to ours. `set` and `map` come first, then our own names, a known layout, and common names in
 * any spelling.
 */
export function mapColumns(found: string[], options: Pick<TableOptions, "map" | "set">): Mapping {
  const layout = LAYOUTS.find(({ signs }) => signs.every((sign) => found.includes(sign)));
  const sources: Mapping["sources"] = new Map();
  for (const column of COLUMNS) {
    if (options.set[column] !== undefined) continue;
    const taken = findSources(column, found, options.map, layout?.columns);
    if (taken.length > 0) sources.set(column, taken);
  }
  const missing = REQUIRED_COLUMNS.filter((name) => !sources.has(name) && options.set[name] === undefined);
  return { sources, constants: options.set, missing, layout, notes: describeMapping(sources, options.set, layout) };
}

/** @throws ColumnUnknown if `map` names a column that does not exist; ColumnsMissing */
export function requireColumns(file: string, found: string[], { missing }: Mapping, map: TableOptions["map"]): void {
  const unknown = Object.values(map).filter((name) => !found.includes(name));
  if (unknown.length > 0) throw new ColumnUnknown(file, unknown, found);
  if (missing.length > 0) throw new ColumnsMissing(file, missing, found);
}

/**
 * Reads the cells of a row.
 * @param cell the row's text in a column of the table, "" if it has none
 * @returns undefined for a row that is not a video
 */
export function readCells({ sources, constants, layout }: Mapping, cell: (name: string) => string): Cells | undefined {
  if (layout?.isVideo && !layout.isVideo(cell)) return undefined;
  const cells: Cells = { ...constants };
  for (const [column, candidates] of sources) {
    // Most columns have one source, whose text is then read only once.
    const chosen = candidates.length > 1 ? candidates.find(({ from }) => cell(from).trim() !== "") : undefined;
    const given = chosen ?? candidates[0];
    if (given) cells[column] = given.read(cell(given.from));
  }
  return cells;
}

/** The columns that a layout reads. */
export function listColumns(layout: Layout | undefined): string[] {
  return Object.values(layout?.columns ?? {}).flatMap((sources) =>
    sources.map((source) => (typeof source === "string" ? source : source.from)),
  );
}

function findSources(column: Column, found: string[], map: TableOptions["map"], layout: Sources | undefined) {
  const mapped = map[column];
  const candidates = mapped !== undefined ? [mapped] : (layout?.[column] ?? [column]);
  const taken = present(candidates, found);
  if (taken.length > 0 || mapped !== undefined) return taken;
  const names = [column, ...(SYNONYMS[column] ?? [])];
  // In a known layout names must match exactly: YouTube Studio's "Subscribers" column is not the channel's subscriber
  // count.
  if (layout) return present(names, found).slice(0, 1);
  const otherwise = names.flatMap((name) => found.filter((one) => folded(one) === folded(name)));
  return present([...names, ...otherwise], found).slice(0, 1);
}

/** Reduces "VIDEO_ID" and "Video Id", as databases and spreadsheets write names, to "videoid". */
const folded = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

function present(candidates: Source[], found: string[]): Exclude<Source, string>[] {
  return candidates
    .map((source) => (typeof source === "string" ? { from: source, read: (cell: string) => cell } : source))
    .filter(({ from }) => found.includes(from));
}

function describeMapping(sources: Mapping["sources"], constants: Cells, layout: Layout | undefined): string[] {
  const renamed = [...sources]
    .filter(([column, taken]) => taken.some(({ from }) => from !== column))
    .map(([column, taken]) => `${column} from ${taken.map(({ from }) => from).join(", else ")}`);
  const given = Object.entries(constants).map(([column, value]) => `${column} is ${value} in all rows`);
  const told = [...renamed, ...given];
  if (told.length === 0) return [];
  return [`read as ${layout?.name ?? "a table with other column names"}: ${told.join("; ")}`];
}

/** An id for a channel of which only the title is known. */
function channelIdOfTitle(title: string): string {
  return title.trim() === "" ? "" : `title-${createHash("sha256").update(title).digest("base64url").slice(0, 22)}`;
}

/** Studio writes 4.27 for 4.27 %; text that is not a number stays as it is, so that the row is refused with it. */
function rateOfPercent(cell: string): string {
  const percent = parseRate(cell.trim().replace(/%$/, ""));
  return Number.isNaN(percent) ? cell : String(percent / 100);
}

/** The unit of views that are taken from a column of engaged views: by the dates, where that has none. */
function engagedIfSaid(cell: string): string {
  return cell.trim() === "" ? "" : "engaged";
}

/** "17.14.11" is 14 November 2017. */
function dayOfYearDayMonth(cell: string): string {
  return cell.trim().replace(/^(\d\d)\.(\d\d)\.(\d\d)$/, "20$1-$3-$2");
}

/** Converts seconds since 1970; only for columns that are known to hold them. */
function instantOfEpoch(cell: string): string {
  const date = new Date(Number(cell.trim() || Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? cell : date.toISOString();
}
