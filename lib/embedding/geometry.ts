import type { Pixels } from "./encoder";
import { GeometryUnsupported } from "./errors";
import { bicubic, resize } from "./resize/resize";

/** How a picture of any shape becomes the input of an encoder. */
export const GEOMETRIES = ["crop", "squash", "letterbox", "crops", "full"] as const;
export type Geometry = (typeof GEOMETRIES)[number];
/** A geometry whose input is one or more squares. */
export type SquareGeometry = Exclude<Geometry, "full">;

/** Side of CLIP's square input, in pixels. */
export const SIDE = 224;
/** OpenAI's mean colour of pictures, which CLIP's normalisation turns into about 0. */
const MEAN_COLOUR = [123, 117, 104] as const;

/**
 * What is kept of a decoded picture until it is encoded; the result fits itself without a change.
 * - crop: the middle square, as Python's CLIPImageProcessor computes it: shortest side resized to 224, centre crop
 * - squash: the whole picture, resized to a square
 * - letterbox: the whole picture in its own shape, in the middle of a square of CLIP's mean colour
 * - crops: the picture with its shortest side resized to 224, of which `squaresOf` takes three squares
 */
export function fitPixels(pixels: Pixels, geometry: SquareGeometry): Pixels {
  if (geometry === "squash") return resize(pixels, SIDE, SIDE, bicubic);
  if (geometry === "letterbox") return letterboxed(pixels);
  const { width, height } = pixels;
  const long = Math.trunc((SIDE * Math.max(width, height)) / Math.min(width, height));
  const [toWidth, toHeight] = width <= height ? [SIDE, long] : [long, SIDE];
  if (geometry === "crops") return resize(pixels, toWidth, toHeight, bicubic);
  const middle = { left: (toWidth - SIDE) >> 1, top: (toHeight - SIDE) >> 1, width: SIDE, height: SIDE };
  return resize(pixels, toWidth, toHeight, bicubic, middle);
}

/**
 * The squares that an encoder sees of a picture: one, or for crops the first, middle and last along its longer side.
 * @returns squares of 224x224
 */
export function squaresOf(pixels: Pixels, geometry: SquareGeometry): Pixels[] {
  const fitted = fitPixels(pixels, geometry);
  if (geometry !== "crops") return [fitted];
  const across = fitted.width - SIDE;
  const down = fitted.height - SIDE;
  return [cut(fitted, 0, 0), cut(fitted, across >> 1, down >> 1), cut(fitted, across, down)];
}

/**
 * The geometry to open an encoder in: that of its identity's preprocessing if one is given, else the one asked for;
 * undefined if the preprocessing is none of these, or nothing is asked for.
 * @param supported the encoder's geometries with the preprocessing that each is named by
 * @throws GeometryUnsupported
 */
export function chooseGeometry<Name extends Geometry>(
  model: string,
  supported: Readonly<Record<Name, string>>,
  { preprocessing, geometry }: { preprocessing?: string | undefined; geometry?: Geometry | undefined },
): Name | undefined {
  const names = Object.keys(supported) as Name[];
  if (preprocessing !== undefined) return names.find((name) => supported[name] === preprocessing);
  const chosen = names.find((name) => name === geometry);
  if (geometry !== undefined && chosen === undefined) throw new GeometryUnsupported(model, geometry, names);
  return chosen;
}

/** The geometry that an identity's preprocessing names; `full` if it names none, as the descriptor's own does. */
export function geometryOf(preprocessing: string): Geometry {
  const words = preprocessing.split(", ");
  return GEOMETRIES.find((geometry) => words.includes(geometryWords(geometry))) ?? "full";
}

/** The part of a preprocessing that names a geometry; CLIP's own had its words before there were others. */
export function geometryWords(geometry: Geometry): string {
  return geometry === "crop" ? "centre crop" : geometry;
}

function letterboxed(pixels: Pixels): Pixels {
  const scale = SIDE / Math.max(pixels.width, pixels.height);
  const width = Math.max(1, Math.round(pixels.width * scale));
  const height = Math.max(1, Math.round(pixels.height * scale));
  const inner = resize(pixels, width, height, bicubic);
  if (width === SIDE && height === SIDE) return inner;
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < data.length; i += 3) data.set(MEAN_COLOUR, i);
  const left = (SIDE - width) >> 1;
  const top = (SIDE - height) >> 1;
  for (let row = 0; row < height; row++)
    data.set(inner.data.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * SIDE + left) * 3);
  return { data, width: SIDE, height: SIDE };
}

/** A square of 224x224 of a picture. */
function cut(pixels: Pixels, left: number, top: number): Pixels {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let row = 0; row < SIDE; row++) {
    const from = ((top + row) * pixels.width + left) * 3;
    data.set(pixels.data.subarray(from, from + SIDE * 3), row * SIDE * 3);
  }
  return { data, width: SIDE, height: SIDE };
}
