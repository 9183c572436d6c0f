import { cellMeans, deviation, mean, quantile } from "./grid";
import type { Plane } from "./planes";

/** Brightness and contrast of the whole picture. */
export function lightOf(luma: Plane) {
  const quarters = cellMeans(luma, 2, 2).data;
  const shadows = quantile(luma.data, 0.05);
  const midtones = quantile(luma.data, 0.5);
  const highlights = quantile(luma.data, 0.95);
  const quarter = (at: number) => quarters[at]!;
  return {
    brightness: mean(luma.data),
    contrast: deviation(luma.data),
    shadows,
    midtones,
    highlights,
    range: highlights - shadows,
    leftRight: (quarter(1) + quarter(3) - quarter(0) - quarter(2)) / 2,
    topBottom: (quarter(2) + quarter(3) - quarter(0) - quarter(1)) / 2,
  };
}
