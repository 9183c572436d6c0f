import type { decodeThumbnail } from "../../thumbnails";
import { withoutBlackBars } from "../black-bars";
import type { ImageEncoder, Pixels } from "../encoder";
import { bicubic, resize } from "../resize/resize";

/** On its own, the full preprocessing of the version that did not turn pictures upright. */
const AFTER_TURNING = "no-black-bars, pillow-bicubic 224, centre crop, clip mean and deviation";
/** Side of CLIP's square input, in pixels. */
export const SIDE = 224;

/** The preprocessing of the earlier version if that is wanted, else the current one. */
export function clipPreprocessing(wanted?: string): string {
  return wanted === AFTER_TURNING ? AFTER_TURNING : `upright, ${AFTER_TURNING}`;
}

/**
 * CLIP's decoder without its model, for threads that only decode.
 * @param decodePicture the decoder: that of lib/thumbnails, or a browser's
 */
export function openClipDecoder(
  decodePicture: typeof decodeThumbnail,
  preprocessing: string,
): Pick<ImageEncoder, "decode"> {
  const asStored = preprocessing === AFTER_TURNING;
  return {
    decode: (picture) => decodePicture(picture, { asStored }, (pixels) => clipSquare(withoutBlackBars(pixels))),
  };
}

/**
 * The square that CLIP sees, as Python's CLIPImageProcessor computes it: shortest side resized to 224 with Pillow's
 * bicubic filter, then the centre crop. A picture of 224x224 is not changed.
 */
export function clipSquare(pixels: Pixels): Pixels {
  const { width, height } = pixels;
  const long = Math.trunc((SIDE * Math.max(width, height)) / Math.min(width, height));
  const [toWidth, toHeight] = width <= height ? [SIDE, long] : [long, SIDE];
  const middle = { left: (toWidth - SIDE) >> 1, top: (toHeight - SIDE) >> 1, width: SIDE, height: SIDE };
  return resize(pixels, toWidth, toHeight, bicubic, middle);
}
