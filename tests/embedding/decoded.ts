import { withoutBlackBars } from "../../lib/embedding/blackBars";
import { decodePicture, type PictureSource, type Pixels } from "../../lib/pictures";

/** What encoders look at: the pixels of a picture, upright and without black bars. */
export const decoded = (source: PictureSource, keepWidth?: number): Promise<Pixels> =>
  decodePicture(source, { keepWidth }, withoutBlackBars);
