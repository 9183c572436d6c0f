import { mean } from "./grid";
import { type Plane, type Planes, plane } from "./planes";

/** Colour distance at which a pixel is half subject, half background. */
const HALF_DISTANCE = 0.15;

/**
 * How little each pixel looks like the picture's border, 0 (background) to 1 (subject): d^2 / (d^2 + 0.15^2), d being
 * the distance in luma and colour differences from the border's mean on the same row. [90, 160]
 */
export function subjectMap({ luma, blue, red }: Planes): Plane {
  const map = plane(blue.width, blue.height);
  for (let row = 0; row < map.height; row++) {
    const channels = [luma[1], blue, red].map(({ data, width }) => data.subarray(row * width, (row + 1) * width));
    const borders = channels.map(borderMean);
    for (let column = 0; column < map.width; column++) {
      let squares = 0;
      for (let channel = 0; channel < 3; channel++) {
        squares += (channels[channel]![column]! - borders[channel]!) ** 2;
      }
      map.data[row * map.width + column] = squares / (squares + HALF_DISTANCE ** 2);
    }
  }
  return map;
}

function borderMean(row: Float32Array): number {
  const border = row.length >> 4;
  return (mean(row.subarray(0, border)) + mean(row.subarray(row.length - border))) / 2;
}

/** Area and place of what the subject map shows. */
export function subjectOf({ data, width, height }: Plane) {
  const area = mean(data);
  let columns = 0;
  let squares = 0;
  for (let i = 0; i < data.length; i++) {
    const column = (i % width) / (width - 1) - 0.5;
    const row = Math.floor(i / width) / (height - 1) - 0.5;
    columns += data[i]! * column;
    squares += data[i]! * (column * column + row * row);
  }
  const mass = area * data.length + 1e-3;
  return { subjectArea: area, subjectColumn: columns / mass, subjectCentred: Math.sqrt(squares / mass) };
}
