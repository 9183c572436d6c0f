import type { Displayable } from "./mime";
import { scatter } from "./scatter";

/** A picture at a place. */
export interface MapPoint {
  x: number;
  y: number;
  /** A file, or its bytes. */
  picture: string | Uint8Array;
  label: string;
  group?: string | undefined;
}

/** How a map is drawn. */
export interface MapOptions {
  title?: string;
  height?: number;
  /** Pictures shown at most. */
  limit?: number;
}

/** A map of pictures; each shows itself under the pointer. */
export async function pictureMap(points: readonly MapPoint[], options: MapOptions = {}): Promise<Displayable> {
  return scatter(
    points.map(({ x, y, label, group }) => ({ x, y, label, color: group })),
    options,
  );
}
