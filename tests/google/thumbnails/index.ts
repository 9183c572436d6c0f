import type { Answer } from "../answer";
import { html } from "../answer";
import type { PictureBreak } from "../options";
import { bitsOf, oneOf, uniformOf } from "../world/draw";
import { type Context, isShown } from "../youtube/context";
import { hasSize, SIZES, type Size } from "../youtube/pictures";
import { commented, PICTURES, pictureOf, placeholder } from "./draw";

const PATH = /^\/vi\/([\w-]{11})\/(\w+\.jpg)$/;
const MAX_AGE_S = 7_200;
const SALT = { whether: 81, which: 82, picture: 83 };
const JPEG = "image/jpeg";

/** Faults of a call: the breaks, a connection that ends, a server that is busy. */
const FAULTS = ["wrongType", "truncated", "empty", "html", "reset", "unavailable"] as const;

/** How often each picture was asked for, and what came of it. */
export interface PictureCounts {
  served: number;
  notModified: number;
  missing: number;
  broken: number;
  faulted: number;
  bytes: number;
  /** Videos whose pictures were asked for, and calls beyond the first for the same picture. */
  videos: number;
  repeats: number;
}

/** Serves pictures and counts them. */
export class Thumbnails {
  readonly #asked = new Set<number>();
  readonly #videos = new Set<number>();
  readonly #counts = { served: 0, notModified: 0, missing: 0, broken: 0, faulted: 0, bytes: 0, repeats: 0 };
  #calls = 0;

  counts(): PictureCounts {
    return { ...this.#counts, videos: this.#videos.size };
  }

  /** Answers a path below /vi/; "reset" where the connection is to end. */
  async answer(path: string, context: Context, ifNoneMatch?: string): Promise<Answer | "reset"> {
    const fault = this.#faultOf(context);
    if (fault) this.#counts.faulted++;
    if (fault === "reset") return "reset";
    if (fault === "unavailable") return html("Service Unavailable", 503);
    return this.#whole(path, context, ifNoneMatch, fault);
  }

  #faultOf({ options }: Context): (typeof FAULTS)[number] | undefined {
    const call = this.#calls++;
    if (uniformOf(options.faultSeed, SALT.whether, call) >= options.pictureFaultRate) return undefined;
    return oneOf(FAULTS, bitsOf(options.faultSeed, SALT.which, call));
  }

  async #whole(
    path: string,
    context: Context,
    ifNoneMatch: string | undefined,
    fault: PictureBreak | undefined,
  ): Promise<Answer> {
    const [, id = "", file] = PATH.exec(path) ?? [];
    if (id !== "") this.#note(id, file);
    const video = context.world.video(id, context.at);
    const size = SIZES.find((one) => one.file === file);
    const lasting = context.options.brokenPictures[id];
    if (!isShown(context, video) || !size || !hasSize(video, size) || lasting === "missing") {
      this.#counts.missing++;
      return { status: 404, headers: { "content-type": JPEG }, body: await placeholder };
    }
    if (lasting) this.#counts.broken++;
    const etag = `"${bitsOf(context.world.options.seed, SALT.picture, video.channel.index, video.number)}-${size.name}"`;
    if (ifNoneMatch === etag && !lasting && !fault) {
      this.#counts.notModified++;
      return { status: 304, headers: { etag }, body: "" };
    }
    return this.#sent(broken(await bytesOf(context, id, size), lasting ?? fault, etag));
  }

  #sent(answer: Answer): Answer {
    this.#counts.served++;
    this.#counts.bytes += answer.body.length;
    return answer;
  }

  #note(id: string, file: string | undefined): void {
    // As numbers: two hundred thousand texts would be most of this process.
    const video = Buffer.from(id, "base64url").readUIntBE(0, 6);
    const picture = video * SIZES.length + SIZES.findIndex((size) => size.file === file);
    if (this.#asked.has(picture)) this.#counts.repeats++;
    this.#asked.add(picture);
    this.#videos.add(video);
  }
}

async function bytesOf({ world }: Context, id: string, size: Size): Promise<Buffer> {
  const picture = bitsOf(world.options.seed, SALT.picture, id.charCodeAt(0) * 256 + id.charCodeAt(1)) % PICTURES;
  return commented(await pictureOf(picture, size), id);
}

function broken(jpeg: Buffer, how: PictureBreak | undefined, etag: string): Answer {
  const headers = { "content-type": JPEG, etag, "cache-control": `public, max-age=${MAX_AGE_S}` };
  if (how === "wrongType")
    return { status: 200, headers: { ...headers, "content-type": "application/octet-stream" }, body: jpeg };
  if (how === "truncated") return { status: 200, headers, body: jpeg.subarray(0, jpeg.length >> 1) };
  if (how === "empty") return { status: 200, headers, body: Buffer.alloc(0) };
  if (how === "html") return html("<html><body>Sorry...</body></html>", 200);
  return { status: 200, headers, body: jpeg };
}
