import {
  type decodeThumbnail,
  exactShrink,
  type Pixels,
  refusePlaceholder,
  requireFormat,
  sizeFault,
  ThumbnailRefused,
} from "../../../thumbnails";
import { shrinkLikeSharp } from "./shrink";

/**
 * Decodes a picture as lib/thumbnails does, by the browser's decoder: colour profiles are ignored, and the picture is
 * turned upright. Pictures without transparency give the same bytes where the browser's decoder does what libvips' does;
 * a large JPEG, which sharp shrinks while it decodes, is shrunk here afterwards.
 * @throws ThumbnailRefused for a picture that cannot be used
 */
export const decodeInBrowser: typeof decodeThumbnail = async (source, { keepWidth, asStored }, use) => {
  if (typeof source === "string") throw new TypeError("a browser decodes bytes, not files");
  const name = `of ${source.length} bytes`;
  const format = requireFormat(source, name);
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(source)], { type: `image/${format}` }), {
    colorSpaceConversion: "none",
    premultiplyAlpha: "none",
    imageOrientation: asStored ? "none" : "from-image",
  }).catch((thrown) => {
    throw new ThumbnailRefused("PICTURE_BROKEN", name, "it does not decode", thrown);
  });
  try {
    const { width, height } = bitmap;
    const fault = sizeFault(width, height);
    if (fault !== undefined) throw new ThumbnailRefused("PICTURE_SIZE", name, fault);
    const shrink = keepWidth === undefined ? 1 : exactShrink({ format, width, height }, false, keepWidth);
    const pixels = shrinkLikeSharp(readPixels(bitmap), shrink);
    refusePlaceholder(pixels, name);
    return use(pixels);
  } finally {
    bitmap.close();
  }
};

function readPixels(bitmap: ImageBitmap): Pixels {
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser cannot read pictures");
  context.drawImage(bitmap, 0, 0);
  const rgba = context.getImageData(0, 0, width, height).data;
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    data[to] = rgba[from]!;
    data[to + 1] = rgba[from + 1]!;
    data[to + 2] = rgba[from + 2]!;
  }
  return { data, width, height };
}
