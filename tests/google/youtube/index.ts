import { createHash } from "node:crypto";
import { type Answer, json } from "../answer";
import { type Parameters, parametersOf, YOUTUBE } from "../discovery";
import { checkFields, parseFields, type Selection, select } from "../fields";
import { listChannels } from "./channels";
import type { Context } from "./context";
import { listPlaylistItems } from "./playlistItems";
import { listSearch } from "./search";
import { listVideos } from "./videos";

const METHODS: Record<string, (context: Context, parameters: Parameters) => object> = {
  "search.list": listSearch,
  "channels.list": listChannels,
  "playlistItems.list": listPlaylistItems,
  "videos.list": listVideos,
};

/** The method of a path below /youtube/v3/, or undefined. */
export function methodOf(path: string): string | undefined {
  const method = `${path.slice("/youtube/v3/".length)}.list`;
  return method in METHODS ? method : undefined;
}

const selections = new Map<string, Selection>();

function selectionOf(fields: string, method: string): Selection {
  const key = `${method} ${fields}`;
  const known = selections.get(key);
  if (known) return known;
  const selection = parseFields(fields);
  checkFields(selection, { $ref: YOUTUBE.methods[`youtube.${method}`]?.response }, YOUTUBE);
  selections.set(key, selection);
  return selection;
}

/** 27 characters, of what the answer says. */
const etagOf = (body: object) => createHash("sha1").update(JSON.stringify(body)).digest("base64url");

/**
 * Answers a call of the Data API.
 * @param ifNoneMatch an etag the client knows: 304 where nothing changed
 * @throws Refused
 */
export function answerYoutube(method: string, query: URLSearchParams, context: Context, ifNoneMatch?: string): Answer {
  const parameters = parametersOf(YOUTUBE, `youtube.${method}`, query);
  const fields = parameters.text("fields");
  const selection = fields === undefined ? null : selectionOf(fields, method);
  const full = METHODS[method]?.(context, parameters) ?? {};
  const body = selection ? select(full, selection) : full;
  if (selection && !selection.has("etag") && !selection.has("*")) return shaped(body, parameters);
  const etag = etagOf(full);
  if (ifNoneMatch === etag) return { status: 304, headers: { etag }, body: "" };
  return shaped(Object.assign(body ?? {}, { etag }), parameters);
}

function shaped(body: unknown, parameters: Parameters): Answer {
  const answer = json(body ?? {});
  return parameters.text("prettyPrint") === "true" && parameters.has("prettyPrint")
    ? { ...answer, body: JSON.stringify(body ?? {}, null, 2) }
    : answer;
}
