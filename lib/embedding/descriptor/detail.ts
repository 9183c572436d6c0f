import { mean } from "./grid";
import { type Plane, type Planes, plane } from "./planes";

/** Squares of the Laplacian (4 neighbours less 4 times the centre): the energy of detail at this size of a picture. */
export function detailEnergy({ data, width, height }: Plane): Plane {
  const energy = plane(width, height);
  for (let row = 1; row < height - 1; row++) {
    for (let i = row * width + 1; i < row * width + width - 1; i++) {
      const sides = data[i - 1]! + data[i + 1]!;
      const ends = data[i - width]! + data[i + width]!;
      energy.data[i] = (sides + ends - 4 * data[i]!) ** 2;
    }
  }
  return energy;
}

/** How much detail there is at each size, and how much finer it is than what contrast makes of a blurred picture. */
export function sharpnessOf({ luma }: Planes) {
  const fine = energyOf(luma[0]);
  const middle = energyOf(luma[1]);
  const coarse = energyOf(luma[2]);
  return {
    detailFine: Math.log(fine + 1e-6),
    detailMiddle: Math.log(middle + 1e-6),
    detailCoarse: Math.log(coarse + 1e-6),
    // The divisors' floors make a picture without any detail a blurred one, not one of rounding noise.
    sharpnessFine: Math.log((fine + 1e-6) / (middle + 5e-4)),
    sharpnessCoarse: Math.log((middle + 1e-6) / (coarse + 2e-3)),
  };
}

function energyOf(luma: Plane): number {
  return mean(detailEnergy(luma).data);
}
