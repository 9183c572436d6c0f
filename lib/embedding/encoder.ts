import { createHash } from "node:crypto";
import type { EncoderIdentity } from "../store";
import type { Pixels, ThumbnailSource } from "../thumbnails";
import type { PictureInput } from "./geometry";

export type { Pixels, ThumbnailSource };

/** Turns inputs into unit vectors; the same input always gives the same vector. */
export interface Encoder<Input> {
  readonly identity: EncoderIdentity;
  /**
   * @param batch any number of inputs
   * @returns [batch, dimensions], row-major, each row L2-normalised
   */
  encode(batch: readonly Input[]): Promise<Float32Array>;
  /** Releases the encoder's resources; it cannot encode afterwards. */
  close(): Promise<void>;
}

/** Whether an input is already decoded. */
export function isPixels(item: ThumbnailSource | Pixels): item is Pixels {
  return typeof item === "object" && "data" in item;
}

/** Encodes pictures: files, their bytes, or pixels returned by `decode`. */
export interface ImageEncoder extends Encoder<ThumbnailSource | Pixels> {
  /** How threads decode for an encoder that is not in the table of encoders. */
  readonly input?: PictureInput;
  /**
   * Decodes at the size that this encoder needs, upright, black bars removed.
   * @throws ThumbnailRefused for a picture that cannot be used
   */
  decode(source: ThumbnailSource): Promise<Pixels>;
}

export type TextEncoder = Encoder<string>;

/** Twelve hexadecimal digits that change with any part of the identity: part of the name of its embedding folder. */
export function identityHash(identity: EncoderIdentity): string {
  return createHash("sha256").update(identityText(identity)).digest("hex").slice(0, 12);
}

/** Whether two identities are equal in every respect. */
export function sameIdentity(a: EncoderIdentity, b: EncoderIdentity): boolean {
  return identityText(a) === identityText(b);
}

function identityText(identity: EncoderIdentity): string {
  return JSON.stringify(Object.entries(identity).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Scales each row to length 1, in place; a row of zeros is left unchanged. */
export function normaliseRows(rows: Float32Array, dimensions: number): Float32Array {
  for (let start = 0; start < rows.length; start += dimensions) {
    const row = rows.subarray(start, start + dimensions);
    let squares = 0;
    for (const value of row) squares += value * value;
    const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
    for (let index = 0; index < dimensions; index++) row[index]! *= scale;
  }
  return rows;
}

/**
 * Replaces every `count` consecutive rows by their mean, scaled to length 1; rows by themselves are not changed.
 * @param rows [pictures * count, dimensions], row-major
 * @returns [pictures, dimensions]
 */
export function meansOfRows(rows: Float32Array, count: number, dimensions: number): Float32Array {
  if (count === 1) return rows;
  const sums = new Float32Array(rows.length / count);
  for (let index = 0; index < rows.length; index++) {
    const picture = Math.floor(index / (count * dimensions));
    sums[picture * dimensions + (index % dimensions)]! += rows[index]!;
  }
  return normaliseRows(sums, dimensions);
}

/** Splits a row-major matrix into views of its rows. @param vectors [rows, dimensions] */
export function splitRows(vectors: Float32Array, dimensions: number): Float32Array[] {
  const count = vectors.length / dimensions;
  return Array.from({ length: count }, (_, row) => vectors.subarray(row * dimensions, (row + 1) * dimensions));
}

/**
 * Extends a vector to length 1 without changing its numbers: one last number completes it, whereas division would let a
 * strong feature shrink all others. Vectors longer than 1 are divided.
 * @param features [dimensions - 1], lengths mostly below 1
 * @returns [dimensions], length 1; the last number is 0 or more
 */
export function completed(features: Float32Array): Float32Array {
  let squares = 0;
  for (const value of features) squares += value * value;
  const scale = squares > 1 ? 1 / Math.sqrt(squares) : 1;
  const vector = new Float32Array(features.length + 1);
  vector.set(features.map((value) => value * scale));
  vector[features.length] = Math.sqrt(Math.max(0, 1 - squares));
  return vector;
}
