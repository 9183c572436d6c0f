import { type Plane, plane } from "./planes";

/** Means of a plane over columns x rows equal cells, row-major. The plane's sides are multiples of the grid's. */
export function cellMeans({ data, width, height }: Plane, columns: number, rows: number): Plane {
  const means = plane(columns, rows);
  const cellWidth = width / columns;
  const cellHeight = height / rows;
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.floor(y / cellHeight) * columns;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let x = 0; x < cellWidth; x++, i++) sum += data[i]!;
      means.data[row + column]! += sum / (cellWidth * cellHeight);
    }
  }
  return means;
}

/** Standard deviations of a plane within the cells of the same grid. */
export function cellDeviations(values: Plane, columns: number, rows: number): Plane {
  const means = cellMeans(values, columns, rows);
  const squares = cellMeans({ ...values, data: values.data.map((value) => value * value) }, columns, rows);
  return {
    ...means,
    data: squares.data.map((square, i) => Math.sqrt(Math.max(0, square - means.data[i]! ** 2))),
  };
}

/** Mean of a list of numbers. (Loops by index: `for of` and `map` over typed arrays take ten times as long.) */
export function mean(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Mean square distance of a list of numbers from a centre. */
export function meanSquare(values: Float32Array, centre = 0): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - centre) ** 2;
  return squares / values.length;
}

/** Standard deviation of a list of numbers. */
export function deviation(values: Float32Array): number {
  return Math.sqrt(meanSquare(values, mean(values)));
}

/** Quantile of values in 0-1, to a thousandth: counting them is ten times as fast as sorting. */
export function quantile(values: Float32Array, share: number): number {
  const counts = new Uint32Array(1001);
  for (let i = 0; i < values.length; i++) {
    const bin = Math.round(values[i]! * 1000);
    counts[bin]! += 1;
  }
  let bin = 0;
  for (let below = counts[0]!; below <= share * (values.length - 1); below += counts[bin]!) bin++;
  return bin / 1000;
}
