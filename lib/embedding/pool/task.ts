import { messageOf } from "../../base";
import type { EncoderIdentity } from "../../store";
import type { ThumbnailRefusalCode } from "../../thumbnails";
import { decodeAmongThreads, decodeThumbnail, limitPixels, ThumbnailRefused } from "../../thumbnails/decode";
import { openClipDecoder } from "../clip/decoder";
import { openDescriptor } from "../descriptor/encoder";
import type { ImageEncoder, Pixels, ThumbnailSource } from "../encoder";
import type { PictureInput } from "../geometry";
import { openTowerDecoder } from "../vision/decoder";

/** One picture to decode or to embed in a thread. */
export type PictureTask = {
  encoder: Pick<EncoderIdentity, "model" | "preprocessing">;
  /** Of an encoder that is not in the table of encoders. */
  input?: PictureInput | undefined;
  /** Whether the picture may take much memory. Only one such task runs at a time, in all threads together. */
  mayBeLarge: boolean;
  /** A picture with more pixels is refused. */
  mostPixels: number;
} & PictureRequest;

/** What to make of a picture; a vector only where the encoder encodes in threads. */
export type PictureRequest =
  | { want: "pixels"; picture: ThumbnailSource }
  | { want: "vector"; picture: ThumbnailSource | Pixels };

/** A thread's answer. Errors come as their facts, because their classes are lost between threads. */
export type PictureAnswer =
  | { kind: "pixels"; pixels: Pixels }
  | { kind: "vector"; vector: Float32Array }
  | { kind: "large" }
  | { kind: "refused"; code: ThumbnailRefusalCode; picture: string; reason: string }
  | { kind: "failed"; message: string };

/** Ends a task whose picture turns out to be large. */
class LargePicture extends Error {}

let mayBeLarge = false;

type Part = Pick<ImageEncoder, "decode"> & Partial<Pick<ImageEncoder, "encode">>;

/** The parts of encoders that run in threads. */
const PARTS: Record<string, (preprocessing: string) => Part> = {
  descriptor: (preprocessing) => openDescriptor(decodeThumbnail, { preprocessing }),
  "clip-vit-l-14": (preprocessing) => openClipDecoder(decodeThumbnail, preprocessing),
};

decodeAmongThreads((decode) => (mayBeLarge ? decode() : Promise.reject(new LargePicture())));

/** Decodes or embeds a picture in this thread, which performs one task at a time. */
export async function performTask(task: PictureTask): Promise<PictureAnswer> {
  mayBeLarge = task.mayBeLarge;
  limitPixels(task.mostPixels);
  try {
    return await perform(task);
  } catch (thrown) {
    if (thrown instanceof LargePicture) return { kind: "large" };
    if (!(thrown instanceof ThumbnailRefused)) return { kind: "failed", message: messageOf(thrown) };
    const { code, picture, reason } = thrown;
    return { kind: "refused", code, picture, reason };
  }
}

async function perform(task: PictureTask): Promise<PictureAnswer> {
  const part = partFor(task);
  if (part !== undefined && task.want === "pixels") return { kind: "pixels", pixels: await part.decode(task.picture) };
  if (part?.encode !== undefined && task.want === "vector")
    return { kind: "vector", vector: await part.encode([task.picture]) };
  throw new Error(`threads do not make a ${task.want} for ${task.encoder.model}`);
}

function partFor({ encoder: { model, preprocessing }, input }: PictureTask): Part | undefined {
  return input === undefined ? PARTS[model]?.(preprocessing) : openTowerDecoder(decodeThumbnail, input);
}
