import type { Pixels } from "../thumbnails";
import { GeometryUnsupported } from "./errors";
import { bicubic, resize } from "./resize/resize";

/** How a picture of any shape becomes the input of an encoder. */
export const GEOMETRIES = ["crop", "squash", "letterbox", "crops", "wide", "full"] as const;
export type Geometry = (typeof GEOMETRIES)[number];
/** Geometries whose input is one or more squares. */
export const SQUARE_GEOMETRIES = ["crop", "squash", "letterbox", "crops"] as const satisfies readonly Geometry[];
export type SquareGeometry = (typeof SQUARE_GEOMETRIES)[number];

/** A geometry and the size of the input, in pixels. */
export interface PictureInput {
  geometry: Geometry;
  width: number;
  height: number;
}

/** Side of the square input of CLIP ViT-L/14, in pixels. */
export const SIDE = 224;
/** OpenAI's mean colour of pictures, which CLIP's normalisation turns into about 0. */
const MEAN_COLOUR = [123, 117, 104] as const;

/**
 * What is kept of a decoded picture until it is encoded; the result fits itself without a change.
 * - crop: the middle square, as Python's CLIPImageProcessor computes it: shortest side resized to `side`, centre crop
 * - squash: the whole picture, resized to a square
 * - letterbox: the whole picture in its own shape, in the middle of a square of CLIP's mean colour
 * - crops: the picture with its shortest side resized to `side`, of which `squaresOf` takes three squares
 * @param side of the squares, in pixels
 */
export function fitPixels(pixels: Pixels, geometry: SquareGeometry, side: number = SIDE): Pixels {
  if (geometry === "squash") return resize(pixels, side, side, bicubic);
  if (geometry === "letterbox") return letterboxed(pixels, side);
  const { width, height } = pixels;
  const long = Math.trunc((side * Math.max(width, height)) / Math.min(width, height));
  const [toWidth, toHeight] = width <= height ? [side, long] : [long, side];
  if (geometry === "crops") return resize(pixels, toWidth, toHeight, bicubic);
  const middle = { left: (toWidth - side) >> 1, top: (toHeight - side) >> 1, width: side, height: side };
  return resize(pixels, toWidth, toHeight, bicubic, middle);
}

/**
 * The squares that an encoder sees of a picture: one, or for crops the first, middle and last along its longer side.
 * @returns squares of `side` x `side` pixels
 */
export function squaresOf(pixels: Pixels, geometry: SquareGeometry, side: number = SIDE): Pixels[] {
  const fitted = fitPixels(pixels, geometry, side);
  if (geometry !== "crops") return [fitted];
  const across = fitted.width - side;
  const down = fitted.height - side;
  return [cut(fitted, 0, 0, side), cut(fitted, across >> 1, down >> 1, side), cut(fitted, across, down, side)];
}

/**
 * What is kept of a decoded picture for an input of any size: both sides are resized for squash, wide and full; for the
 * others as `fitPixels` does.
 */
export function fitInput(pixels: Pixels, { geometry, width, height }: PictureInput): Pixels {
  if (geometry === "crop" || geometry === "letterbox" || geometry === "crops")
    return fitPixels(pixels, geometry, width);
  return resize(pixels, width, height, bicubic);
}

/** What an encoder with an input of any size sees of a picture: itself, or for crops three squares. */
export function viewsOf(pixels: Pixels, input: PictureInput): Pixels[] {
  return input.geometry === "crops" ? squaresOf(pixels, "crops", input.width) : [fitInput(pixels, input)];
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

function letterboxed(pixels: Pixels, side: number): Pixels {
  const scale = side / Math.max(pixels.width, pixels.height);
  const width = Math.max(1, Math.round(pixels.width * scale));
  const height = Math.max(1, Math.round(pixels.height * scale));
  const inner = resize(pixels, width, height, bicubic);
  if (width === side && height === side) return inner;
  const data = new Uint8Array(side * side * 3);
  for (let i = 0; i < data.length; i += 3) data.set(MEAN_COLOUR, i);
  const left = (side - width) >> 1;
  const top = (side - height) >> 1;
  for (let row = 0; row < height; row++)
    data.set(inner.data.subarray(row * width * 3, (row + 1) * width * 3), ((top + row) * side + left) * 3);
  return { data, width: side, height: side };
}

/** A square of a picture. */
function cut(pixels: Pixels, left: number, top: number, side: number): Pixels {
  const data = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row++) {
    const from = ((top + row) * pixels.width + left) * 3;
    data.set(pixels.data.subarray(from, from + side * 3), row * side * 3);
  }
  return { data, width: side, height: side };
}
