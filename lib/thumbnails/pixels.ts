/** A decoded picture: RGB, row-major, three bytes a pixel: [height, width, 3]. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
}
