import type { Parameters } from "../discovery";
import { invalidPageToken } from "../errors";
import type { PageFault } from "../fault-names";

// Page tokens as YouTube makes them: small protobuf messages in base64. A list's is {1: offset, 2: direction}, such as
// CAUQAA; a playlist's is {2: direction, 3: "PT:" and the base64 of {1: offset}}, such as EAAaBlBUOkNESQ.

/** Where a page lies in its list. */
export interface Page {
  offset: number;
  size: number;
  direction: number;
  fault?: PageFault | undefined;
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

/** @param direction 0 forward, 1 back, 2 and more forward after so many empty pages less 1 */
const listToken = (offset: number, direction: number) =>
  Buffer.from([0x08, ...varint(offset), 0x10, direction]).toString("base64url");

function playlistToken(offset: number, direction: number): string {
  const inner = Buffer.from(`PT:${Buffer.from([0x08, ...varint(offset)]).toString("base64url")}`);
  return Buffer.concat([Buffer.from([0x10, direction, 0x1a, inner.length]), inner]).toString("base64url");
}

/** How a kind of list writes its tokens. */
export type Tokens = "list" | "playlist";
const WRITE = { list: listToken, playlist: playlistToken };

function offsetIn(bytes: Buffer): number {
  const length = bytes.findIndex((byte) => byte < 128) + 1;
  return bytes.subarray(0, length).reduce((sum, byte, at) => sum + (byte % 128) * 128 ** at, 0);
}

/** @throws Refused where we never wrote such a token */
function read(token: string, tokens: Tokens): Pick<Page, "offset" | "direction"> {
  const bytes = Buffer.from(token, "base64url");
  const inner = tokens === "list" ? bytes : Buffer.from(bytes.subarray(7).toString("latin1"), "base64url");
  const offset = offsetIn(inner.subarray(1));
  const direction = (tokens === "list" ? bytes.at(-1) : bytes[1]) ?? 0;
  if (direction > 127 || WRITE[tokens](offset, direction) !== token) throw invalidPageToken();
  return { offset, direction };
}

/** The page asked for. @throws Refused where its token is none of ours */
export function pageOf(parameters: Parameters, tokens: Tokens, fault?: PageFault): Page {
  const token = parameters.text("pageToken");
  const asked = {
    ...(token ? read(token, tokens) : { offset: 0, direction: 0 }),
    size: parameters.number("maxResults"),
  };
  const { offset } = asked;
  const shift = fault === "overlappingPage" ? -10 : fault === "shrunkList" ? 5 : 0;
  return { ...asked, fault, offset: offset === 0 ? 0 : Math.max(0, offset + shift) };
}

/** The items that a page shows of a list of so many: from, and up to but without. */
export function shownOn({ offset, size, fault }: Page, total: number): [from: number, to: number] {
  return [offset, fault === "emptyPage" ? offset : Math.max(offset, Math.min(total, offset + size))];
}

/** Tokens of the pages beside it, in a list of so many. */
export function tokensBeside({ offset, direction, size, fault }: Page, total: number, tokens: Tokens) {
  const write = WRITE[tokens];
  const next = {
    emptyPage: write(offset, Math.max(2, direction + 1)),
    repeatedToken: write(offset, direction),
    cyclingToken: write(Math.max(0, offset - size), 0),
    overlappingPage: write(offset + size, 0),
    shrunkList: write(offset + size - 5, 0),
    none: write(offset + size, 0),
  }[fault ?? "none"];
  return {
    ...(size > 0 && (fault === "emptyPage" || offset + size < total) ? { nextPageToken: next } : {}),
    ...(offset > 0 ? { prevPageToken: write(Math.max(0, offset - size), 1) } : {}),
  };
}
