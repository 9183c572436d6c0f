import { createHash } from "node:crypto";
import type { EncoderIdentity } from "../store";
import type { Pixels, ThumbnailSource } from "../thumbnails";

export type { Pixels, ThumbnailSource };

/** Turns inputs into unit vectors, always the same ones for the same inputs. */
export interface Encoder<Input> {
  readonly identity: EncoderIdentity;
  /**
   * @param batch any number of inputs
   * @returns [batch, dimensions], row-major, each row L2-normalised
   */
  encode(batch: readonly Input[]): Promise<Float32Array>;
  /** Frees what the encoder holds; it cannot encode afterwards. */
  close(): Promise<void>;
}

/** Whether an input is decoded already. */
export function isPixels(item: ThumbnailSource | Pixels): item is Pixels {
  return typeof item === "object" && "data" in item;
}

/** Encodes pictures, from files, from their bytes, or from what `decode` made of them. */
export interface ImageEncoder extends Encoder<ThumbnailSource | Pixels> {
  /**
   * Decodes at the size this encoder wants, upright, black bars removed.
   * @throws ThumbnailRefused for a picture that cannot be used
   */
  decode(source: ThumbnailSource): Promise<Pixels>;
}

export type TextEncoder = Encoder<string>;

/** Twelve hexadecimal digits that change with anything in the identity: part of the name of its embedding files. */
export function identityHash(identity: EncoderIdentity): string {
  const fields = Object.entries(identity).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex").slice(0, 12);
}

/** Whether two identities are the same encoder in every respect. */
export function sameIdentity(a: EncoderIdentity, b: EncoderIdentity): boolean {
  return identityHash(a) === identityHash(b);
}

/** Scales each row to length 1, in place; a row of zeros stays one. */
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

/** Rows of a row-major matrix as views of its memory. @param vectors [rows, dimensions] */
export function splitRows(vectors: Float32Array, dimensions: number): Float32Array[] {
  const count = vectors.length / dimensions;
  return Array.from({ length: count }, (_, row) => vectors.subarray(row * dimensions, (row + 1) * dimensions));
}

/**
 * Makes a vector's length 1 without changing what its numbers say: one last number completes it, where plain
 * division would let a strong feature shrink all others. Vectors already longer than 1 are divided.
 * @param features [dimensions - 1], lengths mostly below 1
 * @returns [dimensions], length 1, of which the last is 0 or more
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
