import { withoutBlackBars } from "../../lib/embedding/black-bars";
import { decodeThumbnail, type Pixels, type ThumbnailSource } from "../../lib/thumbnails";

/** What encoders look at: the pixels of a picture, upright and without black bars. */
export const decoded = (source: ThumbnailSource, keepWidth?: number): Promise<Pixels> =>
  decodeThumbnail(source, { keepWidth }, withoutBlackBars);
