import { withoutBlackBars } from "../../lib/embedding/black-bars";
import { decodePicture, type PictureSource, type Pixels } from "../../lib/thumbnails";

/** What encoders look at: the pixels of a picture, upright and without black bars. */
export const decoded = (source: PictureSource, keepWidth?: number): Promise<Pixels> =>
  decodePicture(source, { keepWidth }, withoutBlackBars);
