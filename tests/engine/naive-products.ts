/** Products by their definition, in float64, with what a bound of rounding errors needs. */
export interface Product {
  values: Float64Array;
  /** The same of absolute factors. */
  magnitudes: Float64Array;
  /** Products that each value sums. */
  terms: number;
}

/** The nearest number with so many bits of significand, ties to even; float16 (11 bits) has subnormals below 2^-14. */
export function roundTo(bits: number, x: number): number {
  if (x === 0) return x;
  const least = bits === 11 ? -14 : -126;
  const unit = 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), least) - bits + 1);
  const below = Math.floor(x / unit);
  const rest = x / unit - Math.floor(x / unit);
  const isUp = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return (isUp ? below + 1 : below) * unit;
}

/** [rows, columns] as [columns, rows]. */
export function transposed(x: Float64Array, columns: number): Float64Array {
  const rows = x.length / columns;
  return x.map((_, at) => x[(at % rows) * columns + Math.floor(at / rows)] as number);
}

/** [rows, inner] by [inner, columns]. */
export function matMul(a: Float64Array, b: Float64Array, [rows, inner, columns]: [number, number, number]): Product {
  const sums = new Sums(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      for (let k = 0; k < inner; k++)
        sums.add(row * columns + column, a[row * inner + k] as number, b[k * columns + column] as number);
  return sums.product;
}

/** Squares of pictures, filters and results; one picture, no padding. */
export interface Convolution {
  size: number;
  channels: number;
  filter: number;
  out: number;
  stride: number;
  /** Rows and columns of the result. */
  places: number;
}

/** [1, size, size, channels] by [filter, filter, channels, out]. */
export function conv2d(x: Float64Array, w: Float64Array, sizes: Convolution): Product {
  const sums = new Sums(sizes.places ** 2 * sizes.out);
  for (const { from, weight, to } of links(sizes)) sums.add(to, x[from] as number, w[weight] as number);
  return sums.product;
}

/** With respect to x and w, where dy is the gradient with respect to the result. */
export function conv2dGradients(x: Float64Array, w: Float64Array, dy: Float64Array, sizes: Convolution): Product[] {
  const ofX = new Sums(x.length);
  const ofW = new Sums(w.length);
  for (const { from, weight, to } of links(sizes)) {
    ofX.add(from, w[weight] as number, dy[to] as number);
    ofW.add(weight, x[from] as number, dy[to] as number);
  }
  return [ofX.product, ofW.product];
}

/** Which element of x meets which weight for which result. */
function* links({ size, channels, filter, out, stride, places }: Convolution) {
  const each = (index: number, length: number): [number, number] => [index % length, Math.floor(index / length)];
  for (let index = 0; index < places ** 2 * out * filter ** 2 * channels; index++) {
    const [o, a] = each(index, out);
    const [channel, b] = each(a, channels);
    const [column, c] = each(b, filter);
    const [row, d] = each(c, filter);
    const [right, down] = each(d, places);
    yield {
      from: ((down * stride + row) * size + right * stride + column) * channels + channel,
      weight: ((row * filter + column) * channels + channel) * out + o,
      to: (down * places + right) * out + o,
    };
  }
}

class Sums {
  readonly #values: Float64Array;
  readonly #magnitudes: Float64Array;
  readonly #counts: Int32Array;

  constructor(length: number) {
    [this.#values, this.#magnitudes] = [new Float64Array(length), new Float64Array(length)];
    this.#counts = new Int32Array(length);
  }

  add(at: number, a: number, b: number): void {
    this.#values[at] = (this.#values[at] as number) + a * b;
    this.#magnitudes[at] = (this.#magnitudes[at] as number) + Math.abs(a * b);
    this.#counts[at] = (this.#counts[at] as number) + 1;
  }

  get product(): Product {
    return { values: this.#values, magnitudes: this.#magnitudes, terms: Math.max(...this.#counts) };
  }
}
