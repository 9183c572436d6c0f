import { CLIP_DEVIATIONS, CLIP_MEANS, ownGrid, type PatchGrid, type VisionFolder } from "../../model";
import type { Pixels } from "../encoder";
import { chooseGeometry, fitInput, type Geometry, geometryWords, type PictureInput, viewsOf } from "../geometry";

/** How a vision tower takes in pictures. */
export interface TowerInput extends PictureInput {
  /** Words of an encoder's identity that name it. */
  preprocessing: string;
  /** Of the patches. */
  grid: PatchGrid;
  /** What is kept of a decoded picture. */
  fit(pixels: Pixels): Pixels;
  /** The tower's inputs of a picture: one, or the three squares of `crops`. Their vectors are averaged. */
  pieces(pixels: Pixels): Pixels[];
}

/** A geometry in pixels and patches. */
interface Form {
  grid: PatchGrid;
  width: number;
  height: number;
}

/**
 * How a tower takes in pictures: as the identity's preprocessing says if one is given, else in the geometry asked for,
 * else as its folder says. `wide` costs about what the tower's own square costs (12x21 of 16x16 patches), `full` is
 * 9:16 exactly (18x32: the tokens of a square half as large again).
 * @throws GeometryUnsupported
 */
export function towerInput(
  model: string,
  { config, input }: Pick<VisionFolder, "config" | "input">,
  wanted: { preprocessing?: string | undefined; geometry?: Geometry | undefined },
): TowerInput {
  const { patchSize } = config;
  // The middle square may be larger than the one that the position embeddings were trained on.
  const side = input.fit === "crop" ? input.width / patchSize : ownGrid(config).rows;
  const inPatches = ({ rows, columns }: PatchGrid): Form => {
    const grid = { rows: Math.max(1, rows), columns: Math.max(1, columns) };
    return { grid, width: grid.columns * patchSize, height: grid.rows * patchSize };
  };
  const square = inPatches({ rows: side, columns: side });
  const forms: Record<Geometry, Form> = {
    crop: square,
    squash: square,
    letterbox: square,
    crops: square,
    wide: inPatches({ rows: Math.floor((3 * side) / 4), columns: Math.floor((21 * side) / 16) }),
    full: inPatches({ rows: Math.round((9 * side) / 8), columns: 2 * side }),
  };
  const own = ownGeometry(forms, input);
  if (own === "squash") forms.squash = inPatches({ rows: input.height / patchSize, columns: input.width / patchSize });
  const colours =
    input.means.join() === CLIP_MEANS.join() && input.deviations.join() === CLIP_DEVIATIONS.join()
      ? "clip mean and deviation"
      : `mean ${input.means.join(" ")}, deviation ${input.deviations.join(" ")}`;
  const named = (geometry: Geometry) => {
    const { width, height } = forms[geometry];
    return `upright, no-black-bars, pillow-bicubic ${width}x${height}, ${geometryWords(geometry)}, ${colours}`;
  };
  const supported = Object.fromEntries((Object.keys(forms) as Geometry[]).map((one) => [one, named(one)]));
  const geometry = chooseGeometry(model, supported as Record<Geometry, string>, wanted) ?? own;
  const form = { geometry, ...forms[geometry] };
  return {
    ...form,
    preprocessing: named(geometry),
    fit: (pixels) => fitInput(pixels, form),
    pieces: (pixels) => viewsOf(pixels, form),
  };
}

/** The geometry that a folder's own preprocessing is; any size that is none of these is `squash` at that size. */
function ownGeometry(forms: Record<Geometry, Form>, { width, height, fit }: VisionFolder["input"]): Geometry {
  if (fit === "crop") return "crop";
  const same = (["wide", "full"] as const).find((one) => forms[one].width === width && forms[one].height === height);
  return same ?? "squash";
}
