import { ThumbrankError } from "../errors";

/** Bytes that are no picture to train on; `reason` says why. */
export class PictureRefused extends ThumbrankError {
  constructor(
    readonly refusalCode: "PICTURE_BROKEN" | "PICTURE_PLACEHOLDER",
    readonly reason: string,
  ) {
    super(refusalCode, { what: reason, next: "fetch the picture again, or leave the video out" });
  }
}
