import { refusePlaceholder } from "./judge";
import { decodePixels, type OpenThumbnail, sharp, type ThumbnailSource, withThumbnail } from "./open";
import { type Pixels, upright } from "./pixels";

// What a thread needs that only decodes, without the rest of this room.
export { ThumbnailRefused } from "./errors";
export { decodeAmongThreads, limitPixels } from "./open";

/** Format of a preview picture. */
export interface PreviewFormat {
  type: "jpeg" | "webp";
  /** 1-100. */
  quality: number;
}

export interface DecodeOptions {
  /**
   * JPEG pictures at least twice this wide are decoded at 1/2, 1/4 or 1/8 of their size, but never narrower than this.
   */
  keepWidth?: number | undefined;
  /** Leaves a picture as stored, ignoring its EXIF orientation. */
  asStored?: boolean | undefined;
}

/**
 * Decodes a picture to RGB as Python's PIL does with `convert("RGB")` (alpha and colour profile ignored, grey
 * repeated), and turns it upright like `ImageOps.exif_transpose`.
 * @param use computes the result from the pixels, while the limit on large pictures in memory still applies
 * @throws ThumbnailRefused for a picture that cannot be used, including YouTube's placeholder
 */
export function decodeThumbnail<Result>(
  source: ThumbnailSource,
  options: DecodeOptions,
  use: (pixels: Pixels) => Result,
): Promise<Result> {
  return withThumbnail(source, async (picture) => {
    const orientation = options.asStored ? 1 : picture.orientation;
    const shrink = options.keepWidth === undefined ? 1 : exactShrink(picture, orientation >= 5, options.keepWidth);
    if (shrink > 1) picture.image.resize(picture.width / shrink, picture.height / shrink);
    const pixels = upright(await decodePixels(picture.image, picture.name), orientation);
    refusePlaceholder(pixels, picture.name);
    return use(pixels);
  });
}

/**
 * By how much a picture is shrunk while it is decoded. Only whole factors, so that the size is exact; libjpeg does the
 * shrinking but for the last half, which libvips does by Lanczos 3.
 */
export function exactShrink(
  { format, width, height }: Pick<OpenThumbnail, "format" | "width" | "height">,
  turned: boolean,
  keepWidth: number,
): number {
  const shownWidth = turned ? height : width;
  const fits = (factor: number) => width % factor === 0 && height % factor === 0 && shownWidth / factor >= keepWidth;
  return format === "jpeg" ? ([8, 4, 2].find(fits) ?? 1) : 1;
}

/**
 * Makes a small upright picture for a page, as a data URI; transparent parts become white.
 * @param width in pixels at most; a narrower picture keeps its width
 * @throws ThumbnailRefused
 */
export function previewUri(source: ThumbnailSource, width: number, { type, quality }: PreviewFormat): Promise<string> {
  return withThumbnail(source, async ({ image, name, orientation }) => {
    const shrunk = image.resize({ [orientation >= 5 ? "height" : "width"]: width, withoutEnlargement: true });
    const { data, ...size } = upright(await decodePixels(shrunk.flatten({ background: "#fff" }), name), orientation);
    const small = sharp(data, { raw: { ...size, channels: 3 } });
    const bytes = await small.toFormat(type, { quality }).toBuffer();
    return `data:image/${type};base64,${bytes.toString("base64")}`;
  });
}
