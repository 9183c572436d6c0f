import { type Plane, plane } from "./planes";

/** Squares of the Laplacian (4 neighbours less 4 times the centre): the energy of detail at this size of a picture. */
export function detailEnergy({ data, width, height }: Plane): Plane {
  const energy = plane(width, height);
  for (let row = 1; row < height - 1; row++) {
    for (let at = row * width + 1; at < row * width + width - 1; at++) {
      const sides = (data[at - 1] as number) + (data[at + 1] as number);
      const ends = (data[at - width] as number) + (data[at + width] as number);
      energy.data[at] = (sides + ends - 4 * (data[at] as number)) ** 2;
    }
  }
  return energy;
}
