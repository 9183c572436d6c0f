import type { Multipart } from "@fastify/multipart";
import type { FastifyRequest } from "fastify";
import { errorCode, shortened } from "../base";
import { ThumbnailRefused } from "../thumbnails";
import { PicturesRefused, type RefusedPicture, RequestInvalid, RequestTooLarge } from "./errors";
import { MOST_PICTURES, type PictureForm, type PictureJson, type SentPicture } from "./schemas";

const NAME_LENGTH = 200;
/** A title of 500 characters, four bytes each. */
const FIELD_BYTES = 2000;
const MOST_FIELDS = 16;

/** Pictures and what was sent with them, whichever way they came. */
export interface SentPictures {
  pictures: SentPicture[];
  titles: string[];
  channel: string | undefined;
}

/**
 * Reads a multipart form into memory; nothing is written to the disk.
 * @param mostBytes of all pictures together
 * @returns fields by name, as the form's schema takes them
 * @throws RequestInvalid, RequestTooLarge, and the multipart plugin's errors
 */
export async function readForm(request: FastifyRequest, mostBytes: number): Promise<Partial<PictureForm>> {
  const limits = { fileSize: mostBytes, files: MOST_PICTURES, fields: MOST_FIELDS, fieldSize: FIELD_BYTES };
  const parts = request.parts({ limits: { ...limits, fieldNameSize: 100, headerPairs: 50 } });
  try {
    return await readParts(parts, mostBytes);
  } catch (thrown) {
    // The parser's own errors have neither a code nor a status.
    if (thrown instanceof Error && errorCode(thrown) === null) throw new RequestInvalid("the form cannot be read");
    throw thrown;
  }
}

async function readParts(parts: AsyncIterable<Multipart>, mostBytes: number): Promise<Partial<PictureForm>> {
  const images: SentPicture[] = [];
  const fields: Record<"title" | "channel", string[]> = { title: [], channel: [] };
  let sizeBytes = 0;
  for await (const part of parts) {
    if (part.type === "file") {
      if (part.fieldname !== "images") throw new RequestInvalid("files belong in the field images");
      const data = await part.toBuffer();
      sizeBytes += data.length;
      if (sizeBytes > mostBytes) throw new RequestTooLarge(`the request has more than ${mostBytes / 2 ** 20} MB`);
      images.push({ name: part.filename ?? "", data });
      continue;
    }
    const { fieldname, value } = part;
    if (fieldname !== "title" && fieldname !== "channel")
      throw new RequestInvalid("the form has a field that is not images, title or channel");
    if (part.valueTruncated) throw new RequestTooLarge(`the field ${fieldname} is too long`);
    if (typeof value !== "string") throw new RequestInvalid(`the field ${fieldname} is not text`);
    fields[fieldname].push(value);
  }
  const [channel, ...others] = fields.channel;
  if (others.length > 0) throw new RequestInvalid("the form has several channels");
  return { images, title: fields.title, ...(channel !== undefined && { channel }) };
}

/**
 * Brings a validated body into one shape.
 * @throws RequestInvalid for pictures that are not base64
 */
export function sentPictures(body: PictureForm | PictureJson): SentPictures {
  const titles = "title" in body ? body.title : body.titles;
  const pictures = body.images.map((image, index) => {
    const { name, data } = typeof image === "string" ? { name: "", data: image } : image;
    return {
      name: plainName(name) || label(index),
      data: typeof data === "string" ? decodeBase64(data, index) : data,
    };
  });
  return { pictures, titles, channel: body.channel };
}

/**
 * Collects what became of each picture.
 * @returns the values, if every picture has one
 * @throws PicturesRefused with all that cannot be used; any other error
 */
export function throwRefusals<Value>(
  pictures: readonly SentPicture[],
  settled: readonly PromiseSettledResult<Value>[],
): Value[] {
  const values: Value[] = [];
  const refusals: RefusedPicture[] = [];
  for (const [index, result] of settled.entries()) {
    if (result.status === "fulfilled") {
      values.push(result.value);
      continue;
    }
    const { reason: error } = result;
    if (!(error instanceof ThumbnailRefused)) throw error;
    // What a decoder says in brackets is about its inside.
    const reason = error.reason.replace(/ \(.*\)$/s, "");
    refusals.push({ index, image: pictures[index]?.name ?? label(index), code: error.code, reason });
  }
  if (refusals.length > 0) throw new PicturesRefused(refusals);
  return values;
}

const label = (index: number) => `image ${index + 1}`;

/** A name to show: without folders and control characters. It is never used as a path. */
function plainName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  return shortened(last.replace(/\p{Cc}/gu, "").trim(), NAME_LENGTH);
}

/** @throws RequestInvalid */
function decodeBase64(text: string, index: number): Buffer {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new RequestInvalid(`images.${index}: must be base64`);
  return Buffer.from(text, "base64");
}
