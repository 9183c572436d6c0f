import { type PictureSource, pixelsOf, withPicture } from "./open";
import { sharp } from "./sharp";
import { upright } from "./upright";

/** How a small picture is written. */
export interface PreviewFormat {
  type: "jpeg" | "webp";
  /** 1-100. */
  quality: number;
}

/**
 * A small upright picture for a page, on white where it is transparent, as a data URI.
 * @param width in pixels at most; a narrower picture keeps its width
 * @throws PictureRefused
 */
export function previewUri(source: PictureSource, width: number, { type, quality }: PreviewFormat): Promise<string> {
  return withPicture(source, async ({ image, name, orientation }) => {
    const shrunk = image.resize({ [orientation >= 5 ? "height" : "width"]: width, withoutEnlargement: true });
    const { data, ...size } = upright(await pixelsOf(shrunk.flatten({ background: "#fff" }), name), orientation);
    const small = sharp(data, { raw: { ...size, channels: 3 } });
    const bytes = await small.toFormat(type, { quality }).toBuffer();
    return `data:image/${type};base64,${bytes.toString("base64")}`;
  });
}
