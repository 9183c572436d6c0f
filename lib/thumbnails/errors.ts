import { ThumbrankError } from "../base";

/** The limits of judge.ts in words, for messages. */
export const PICTURES_TAKEN =
  "JPEG, PNG and WebP pictures of 16 to 8,192 pixels a side, at most 33.2 megapixels, 10:1 and 50 MB";

/** Why a picture cannot be used; each code is explained in docs/ERRORS.md. */
export type ThumbnailRefusalCode =
  | "PICTURE_MISSING"
  | "PICTURE_UNREADABLE"
  | "PICTURE_FORMAT"
  | "PICTURE_SIZE"
  | "PICTURE_BROKEN"
  | "PICTURE_PLACEHOLDER";

/** A picture that cannot be used for training, embedding, ranking or display. */
export class ThumbnailRefused extends ThumbrankError {
  constructor(
    override readonly code: ThumbnailRefusalCode,
    /** The picture's path, address or description. */
    readonly picture: string,
    /** In words, without the picture's name. */
    readonly reason: string,
    cause?: unknown,
  ) {
    super(code, {
      what: `the picture ${picture} cannot be used: ${reason}`,
      next: `replace it or leave it out; accepted are ${PICTURES_TAKEN}`,
      cause,
    });
  }
}
