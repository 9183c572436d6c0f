import type { EncoderIdentity } from "../store";

/** How the preprocessing of encoders that turn pictures upright begins. */
const UPRIGHT = "upright, ";
const TURNING_ENCODERS: readonly string[] = ["descriptor", "clip-vit-l-14"];

/** The preprocessing of an encoder that turns pictures upright first. @param after what it does then */
export const uprightFirst = (after: string): string => UPRIGHT + after;

/**
 * Whether vectors are of a version that embedded pictures as they are stored, whatever orientation their EXIF data name.
 * Models trained on them still rank; new vectors are made upright.
 */
export function isSuperseded({ model, preprocessing }: EncoderIdentity): boolean {
  return TURNING_ENCODERS.includes(model) && !preprocessing.startsWith(UPRIGHT);
}

/** The identities to go on with: superseded ones only where there is no other of the same encoder. */
export function withoutSuperseded(identities: readonly EncoderIdentity[]): EncoderIdentity[] {
  const current = new Set(identities.filter((one) => !isSuperseded(one)).map(({ model }) => model));
  return identities.filter((one) => !isSuperseded(one) || !current.has(one.model));
}
