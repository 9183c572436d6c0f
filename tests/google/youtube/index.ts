import { createHash } from "node:crypto";
import { type Answer, json } from "../answer";
import { type Parameters, parametersOf, YOUTUBE } from "../discovery";
import { checkFields, parseFields, type Selection, select } from "../fields";
import { listChannels } from "./channels";
import type { Context } from "./context";
import { listPlaylistItems } from "./playlist-items";
import { listSearch } from "./search";
import { batchGetStats, listVideos } from "./videos";

const METHODS: Record<string, (context: Context, parameters: Parameters) => object> = {
  "search.list": listSearch,
  "channels.list": listChannels,
  "playlistItems.list": listPlaylistItems,
  "videos.list": listVideos,
  "videos.batchGetStats": batchGetStats,
};

/** The method of a path below /youtube/v3/, or undefined. */
export function methodOf(path: string): string | undefined {
  const name = path.slice("/youtube/v3/".length);
  const method = name.includes(":") ? name.replace(":", ".") : `${name}.list`;
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

const NO_ETAG = '"etag":"",';

/** Puts the etag of the whole in, where it was asked for: 27 characters, of what the answer says. */
function withEtag(body: string): { body: string; etag?: string } {
  const at = body.slice(0, 100).indexOf(NO_ETAG);
  if (at < 0) return { body };
  const etag = createHash("sha1").update(body).digest("base64url");
  return { body: `${body.slice(0, at)}"etag":"${etag}",${body.slice(at + NO_ETAG.length)}`, etag };
}

/**
 * Answers a call of the Data API, without indentation unless it is asked for.
 * @param ifNoneMatch an etag the client knows: 304 where nothing changed
 * @throws Refused
 */
export function answerYoutube(method: string, query: URLSearchParams, context: Context, ifNoneMatch?: string): Answer {
  const parameters = parametersOf(YOUTUBE, `youtube.${method}`, query);
  const fields = parameters.text("fields");
  const selection = fields === undefined ? null : selectionOf(fields, method);
  const full = METHODS[method]?.(context, parameters) ?? {};
  const pretty = parameters.has("prettyPrint") && parameters.text("prettyPrint") === "true";
  const selected = selection ? select(full, selection) : full;
  const { body, etag } = withEtag(JSON.stringify(selected));
  if (etag !== undefined && ifNoneMatch === etag) return { status: 304, headers: { etag }, body: "" };
  return { ...json(null), body: pretty ? JSON.stringify(JSON.parse(body), null, 2) : body };
}
