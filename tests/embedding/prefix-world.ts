import { random } from "../../lib/base/random";
import type { PictureKey, PrefixIdentity } from "../../lib/embedding";

export const IDENTITY: PrefixIdentity = {
  model: "ViT-tiny/4",
  revision: "0123456789ab",
  preprocessing: "wide",
  blocks: 2,
  tokens: 5,
  width: 8,
  precision: "float32",
};

export const PICTURES = Array.from({ length: 40 }, (_, n): PictureKey => [`video-${n}`, `content-${n}`]);

/** Hidden states that halves hold exactly, so that they are read as they were written. */
export function statesOf(indices: readonly number[]): Float32Array {
  return Float32Array.from(
    indices.flatMap((index) => {
      const source = random(`states ${index}`);
      return Array.from({ length: IDENTITY.tokens * IDENTITY.width }, () => Math.round(100 * source.normal()) / 64);
    }),
  );
}
