import type { Thumbnail } from "../../store";
import { previewUri, ThumbnailRefused } from "../../thumbnails";

/** Width of a picture on the page, in pixels. */
const WIDTH = 240;

/** Data URIs of pictures by SHA-256; omits pictures that cannot be read. */
export type Thumbnails = ReadonlyMap<string, string>;

/**
 * Reads and shrinks pictures for the page.
 * @param fileOf path of a picture
 */
export async function thumbnails(pictures: Thumbnail[], fileOf: (picture: Thumbnail) => string): Promise<Thumbnails> {
  const byHash = new Map(pictures.map((picture) => [picture.sha256, picture]));
  const made = new Map<string, string>();
  for (const [sha256, picture] of byHash) {
    const uri = await thumbnail(fileOf(picture));
    if (uri !== null) made.set(sha256, uri);
  }
  return made;
}

/** A small JPEG; null if the file is missing or broken, which must not make the report fail. */
async function thumbnail(file: string): Promise<string | null> {
  try {
    return await previewUri(file, WIDTH, { type: "jpeg", quality: 78 });
  } catch (thrown) {
    if (thrown instanceof ThumbnailRefused) return null;
    throw thrown;
  }
}
