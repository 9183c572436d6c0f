import type { Parameters } from "../discovery";
import { invalidPageToken } from "../errors";

// Page tokens as YouTube makes them: small protobuf messages in base64. A list's is {1: offset, 2: direction}, such as
// CAUQAA; a playlist's is {2: direction, 3: "PT:" and the base64 of {1: offset}}, such as EAAaBlBUOkNESQ.

/** Where a page lies in its list. */
export interface Page {
  offset: number;
  size: number;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const listToken = (offset: number, back: boolean) =>
  Buffer.from([0x08, ...varint(offset), 0x10, back ? 1 : 0]).toString("base64url");

function playlistToken(offset: number, back: boolean): string {
  const inner = Buffer.from(`PT:${Buffer.from([0x08, ...varint(offset)]).toString("base64url")}`);
  return Buffer.concat([Buffer.from([0x10, back ? 1 : 0, 0x1a, inner.length]), inner]).toString("base64url");
}

/** How a kind of list writes its tokens. */
export type Tokens = "list" | "playlist";
const WRITE = { list: listToken, playlist: playlistToken };

function offsetIn(bytes: Buffer): number {
  const length = bytes.findIndex((byte) => byte < 128) + 1;
  return bytes.subarray(0, length).reduce((sum, byte, at) => sum + (byte % 128) * 128 ** at, 0);
}

/** @throws Refused where we never wrote such a token */
function offsetOf(token: string, tokens: Tokens): number {
  const bytes = Buffer.from(token, "base64url");
  const inner = tokens === "list" ? bytes : Buffer.from(bytes.subarray(7).toString("latin1"), "base64url");
  const offset = offsetIn(inner.subarray(1));
  const written = [WRITE[tokens](offset, false), WRITE[tokens](offset, true)];
  if (!written.includes(token)) throw invalidPageToken();
  return offset;
}

/** The page asked for. @throws Refused where its token is none of ours */
export function pageOf(parameters: Parameters, tokens: Tokens): Page {
  const token = parameters.text("pageToken");
  return { offset: token ? offsetOf(token, tokens) : 0, size: parameters.number("maxResults") };
}

/** Tokens of the pages beside it, in a list of so many. */
export function tokensBeside({ offset, size }: Page, total: number, tokens: Tokens) {
  return {
    ...(size > 0 && offset + size < total ? { nextPageToken: WRITE[tokens](offset + size, false) } : {}),
    ...(offset > 0 ? { prevPageToken: WRITE[tokens](Math.max(0, offset - size), true) } : {}),
  };
}
