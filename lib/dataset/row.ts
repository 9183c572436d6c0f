import { z } from "zod";
import { durationSeconds, languageTag, primaryLanguage, shortened } from "../base";
import { VIEWS_UNITS } from "../config";
import type { Video } from "../store";
import { type RefusalCode, RowRefused } from "./refusal";
import { type Cells, MAX_CELL_CHARACTERS } from "./table";
import { countAdvice, instantAdvice, parseCount, parseInstant, parseRate } from "./values";

/** A parsed row whose picture has not been examined yet. */
export interface ParsedRow {
  video: Omit<Video, "picture">;
  /** Path of the picture below the thumbnail folder; null if the table does not name one. */
  thumbnail: string | null;
}

/** What programs write for a missing value, in lower case; surrounding spaces are ignored. */
const BLANKS = new Set([
  ..."na n/a n.a. #n/a #na <na> nan -nan nat null (null) [null] none nil undefined unknown missing empty".split(" "),
  ..."hidden private disabled false \\n".split(" "),
  ..."#null! #value! #ref! #name? #num! #div/0!".split(" "),
  ..."#n/a n/a|1.#ind|-1.#ind|1.#qnan|-1.#qnan|not available|no data|(blank)|(empty)".split("|"),
]);
/** Dashes, dots, question marks, empty brackets: characters that carry no meaning on their own. */
const ONLY_SIGNS = /^[\p{P}\p{Sm}\p{Z}\p{C}]*$/u;
/** The few of these that count as blank in a title. */
const BLANK_TITLES = new Set(["", "#n/a", "<na>", "\\n"]);
const LONGEST = 20;

/** YouTube's first day; nothing can be older. */
const FIRST_DAY = new Date("2005-02-14T00:00:00Z");
/** Clocks differ: a table made today in another time zone is not a mistake. */
const CLOCK_SLACK_MS = 24 * 3600 * 1000;
const MAX_DURATION_SECONDS = 31 * 24 * 3600;
const MAX_TEXT_CHARACTERS = 1000;
const MAX_SHOWN_CHARACTERS = 80;

const MIN_YOUTUBE_ID_LENGTH = 11;
// Blank ids are refused: videos of unknown channels must not be grouped into one channel called NaN.
const Id = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, "is not an id (1 to 64 of A-Z a-z 0-9 _ -)")
  .refine((id) => id.length >= MIN_YOUTUBE_ID_LENGTH || !isBlankCell(id), "says that there is no id");
// PostgreSQL's text cannot hold U+0000.
const Text = z
  .string()
  .max(MAX_TEXT_CHARACTERS, `is longer than ${MAX_TEXT_CHARACTERS} characters`)
  .regex(/^[^\0]*$/, "holds a NUL character");
const Count = z.string().transform((text, context) => {
  const count = parseCount(text);
  if (count === undefined) context.addIssue(countAdvice(text));
  else if (!Number.isSafeInteger(count)) context.addIssue("is too large");
  return count ?? 0;
});
const Instant = z
  .string()
  .transform((text, context) => {
    const date = parseInstant(text);
    if (!date) context.addIssue(instantAdvice(text));
    return date ?? new Date();
  })
  .refine((date) => date >= FIRST_DAY, "is before YouTube began (2005-02-14)");
const Duration = z.string().transform((text, context) => {
  const seconds = durationSeconds(text);
  if (/^\s*-/.test(text)) context.addIssue("is negative");
  else if (seconds === undefined) context.addIssue("is neither seconds nor ISO 8601 such as PT4M13S");
  else if ((seconds ?? 0) > MAX_DURATION_SECONDS) context.addIssue("is longer than 31 days; it is read as seconds");
  return seconds ?? null;
});
const Language = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*$/, "is not a language code such as en or en-US")
  .transform((tag) => {
    const known = languageTag(tag);
    return known === null ? null : primaryLanguage(known);
  });
const Unit = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(VIEWS_UNITS, `is none of ${VIEWS_UNITS.join(", ")}`));
const Rate = z
  .string()
  .transform(parseRate)
  .pipe(z.number("is not a rate of 0 to 1").min(0, "is negative").max(1, "is above 1"));

/** Null if the column is absent or the cell is one of `blanks`. */
const optional = <Schema extends z.ZodType>(schema: Schema, isBlank = isBlankCell) =>
  z.preprocess((cell) => (typeof cell === "string" && !isBlank(cell) ? cell : null), schema.nullable());

const Row = z.object({
  video_id: Id,
  channel_id: Id,
  channel_title: optional(Text, isBlankTitle),
  title: Text.regex(/\S/, "is empty"),
  published_at: Instant,
  collected_at: Instant,
  views: Count,
  duration: optional(Duration),
  likes: optional(Count),
  comments: optional(Count),
  subscribers: optional(Count),
  language: optional(Language),
  niche: optional(Text),
  true_ctr: optional(Rate),
  thumbnail: optional(Text),
  views_unit: optional(Unit),
});

const CODES: Partial<Record<string, RefusalCode>> = {
  video_id: "ROW_ID",
  channel_id: "ROW_ID",
  published_at: "ROW_DATE",
  collected_at: "ROW_DATE",
  views: "ROW_NUMBER",
  duration: "ROW_NUMBER",
  likes: "ROW_NUMBER",
  comments: "ROW_NUMBER",
  subscribers: "ROW_NUMBER",
  true_ctr: "ROW_NUMBER",
};

/**
 * Parses a row's cells as a video.
 * @param now readings more than a day later than this are refused
 * @throws RowRefused that names the column, the value and what is wrong with it
 */
export function parseRow(cells: Cells, now: Date): ParsedRow {
  const long = Object.entries(cells).find(([, cell]) => cell.length > MAX_CELL_CHARACTERS);
  if (long) throw new RowRefused("ROW_TOO_LONG", `${long[0]} has ${long[1].length} characters`);
  const { data: row, error } = Row.safeParse(cells);
  if (!row) throw refused(error.issues[0], cells);
  if (row.published_at > row.collected_at) {
    throw new RowRefused(
      "ROW_DATE",
      `published_at "${cells.published_at}" is after collected_at "${cells.collected_at}"`,
    );
  }
  if (row.collected_at.getTime() > now.getTime() + CLOCK_SLACK_MS) {
    throw new RowRefused("ROW_DATE", `collected_at "${cells.collected_at}" lies in the future`);
  }
  return { video: toVideo(row), thumbnail: row.thumbnail };
}

function refused(issue: z.core.$ZodIssue | undefined, cells: Cells): RowRefused {
  const column = String(issue?.path[0]);
  const value = Object.entries(cells).find(([name]) => name === column)?.[1] ?? "";
  const shown = JSON.stringify(shortened(value.slice(0, 2 * MAX_SHOWN_CHARACTERS), MAX_SHOWN_CHARACTERS));
  return new RowRefused(CODES[column] ?? "ROW_TEXT", `${column} ${shown} ${issue?.message}`);
}

function toVideo(row: z.output<typeof Row>): ParsedRow["video"] {
  return {
    videoId: row.video_id,
    channelId: row.channel_id,
    channelTitle: row.channel_title,
    title: row.title,
    publishedAt: row.published_at,
    collectedAt: row.collected_at,
    views: row.views,
    durationSeconds: row.duration,
    likes: row.likes,
    comments: row.comments,
    subscribers: row.subscribers,
    language: row.language,
    niche: row.niche,
    trueCtr: row.true_ctr,
    ...(row.views_unit === null ? {} : { viewsUnit: row.views_unit }),
  };
}

/** Whether a cell of an optional column means that there is no value. */
function isBlankCell(cell: string): boolean {
  return BLANKS.has(normalized(cell)) || ONLY_SIGNS.test(cell);
}

/** The same for titles, for which None, NA or a dash are valid. */
function isBlankTitle(cell: string): boolean {
  return BLANK_TITLES.has(normalized(cell));
}

function normalized(cell: string): string {
  const trimmed = cell.trim();
  return trimmed.length > LONGEST ? trimmed : trimmed.toLowerCase();
}
