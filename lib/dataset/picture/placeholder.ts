/** A decoded picture: rows of pixels, `channels` bytes each. */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
  channels: number;
}

const MAX_COLOUR = 4;
const MAX_DEVIATION = 24;
const GREY = [48, 240] as const;

/**
 * Whether a picture is what YouTube serves for a removed video: 120x90, mid-grey with a faint grey sign.
 * A dark, white or coloured picture of that size is not.
 */
export function isPlaceholder({ data, width, height, channels }: Pixels): boolean {
  if (width !== 120 || height !== 90) return false;
  const pixels = width * height;
  let [colour, sum, squares] = [0, 0, 0];
  for (let at = 0; at < data.length; at += channels) {
    const rgb = channels < 3 ? data.subarray(at, at + 1) : data.subarray(at, at + 3);
    const grey = rgb.reduce((total, value) => total + value, 0) / rgb.length;
    colour += Math.max(...rgb) - Math.min(...rgb);
    sum += grey;
    squares += grey * grey;
  }
  const mean = sum / pixels;
  const deviation = Math.sqrt(Math.max(0, squares / pixels - mean * mean));
  return colour / pixels <= MAX_COLOUR && deviation <= MAX_DEVIATION && mean >= GREY[0] && mean <= GREY[1];
}
