import type { decodeThumbnail } from "../../thumbnails";
import { withoutBlackBars } from "../black-bars";
import type { ImageEncoder } from "../encoder";
import { fitInput, type PictureInput } from "../geometry";

/**
 * The decoder of a tower's pictures, upright and without black bars; threads open it without the tower.
 * @param decodePicture the decoder: that of lib/thumbnails
 */
export function openTowerDecoder(
  decodePicture: typeof decodeThumbnail,
  input: PictureInput,
): Pick<ImageEncoder, "decode"> {
  return { decode: (source) => decodePicture(source, {}, (pixels) => fitInput(withoutBlackBars(pixels), input)) };
}
