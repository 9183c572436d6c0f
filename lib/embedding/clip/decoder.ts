import type { decodeThumbnail } from "../../thumbnails";
import { withoutBlackBars } from "../black-bars";
import type { ImageEncoder } from "../encoder";
import { chooseGeometry, fitPixels, type Geometry, geometryWords, type SquareGeometry } from "../geometry";

/** On its own, the full preprocessing of the version that did not turn pictures upright. */
const AFTER_TURNING = "no-black-bars, pillow-bicubic 224, centre crop, clip mean and deviation";

const inGeometry = (geometry: SquareGeometry) =>
  `upright, no-black-bars, pillow-bicubic 224, ${geometryWords(geometry)}, clip mean and deviation`;
/** CLIP's preprocessing by geometry. */
const PREPROCESSING: Record<SquareGeometry, string> = {
  crop: inGeometry("crop"),
  squash: inGeometry("squash"),
  letterbox: inGeometry("letterbox"),
  crops: inGeometry("crops"),
};

/**
 * The preprocessing that is wanted, if CLIP's encoder has it, in this version or an earlier one; else that of the
 * geometry, which is the crop unless another is wanted.
 * @throws GeometryUnsupported
 */
export function clipPreprocessing(wanted?: string, geometry?: Geometry): string {
  if (wanted === AFTER_TURNING) return AFTER_TURNING;
  return PREPROCESSING[chooseGeometry("clip-vit-l-14", PREPROCESSING, { preprocessing: wanted, geometry }) ?? "crop"];
}

/** The geometry of CLIP's preprocessing. */
export function clipGeometry(preprocessing: string): SquareGeometry {
  return chooseGeometry("clip-vit-l-14", PREPROCESSING, { preprocessing }) ?? "crop";
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
  const geometry = clipGeometry(preprocessing);
  return {
    decode: (picture) =>
      decodePicture(picture, { asStored }, (pixels) => fitPixels(withoutBlackBars(pixels), geometry)),
  };
}
