import { z } from "zod";
import { at } from "../base";
import { requireFinite } from "../engine";
import { readSafetensors, writeSafetensors } from "../model";
import type { ChannelOffset, ChannelOffsets } from "./channel-offsets";

/** Name of the file with the offsets' numbers: 4 bytes for each dimension of an embedding and each channel. */
export const OFFSETS_FILE = "channels.safetensors";

/** What a card says of its offsets; row i of the file belongs to `channels[i]`. */
export const OffsetsCard = z.strictObject({
  /** Strength of the ridge. */
  lambda: z.number(),
  /** What a standard deviation of the score is worth in the label. */
  scoreWorth: z.number(),
  channels: z.array(z.string().max(200)),
});
export type OffsetsCard = z.infer<typeof OffsetsCard>;

/** Formats offsets as a card's part and the bytes of `OFFSETS_FILE`. */
export function formatOffsets({ lambda, scoreWorth, channels }: ChannelOffsets): {
  card: OffsetsCard;
  bytes: Uint8Array;
} {
  const offsets = [...channels.values()];
  const width = offsets[0]?.direction.length ?? 0;
  const directions = new Float32Array(offsets.length * width);
  for (const [row, { direction }] of offsets.entries()) directions.set(direction, row * width);
  // Share and constant of each channel.
  const scalars = Float32Array.from(offsets.flatMap(({ share, constant }) => [share, constant]));
  const bytes = writeSafetensors({
    directions: { shape: [offsets.length, width], values: directions },
    scalars: { shape: [offsets.length, 2], values: scalars },
  });
  return { card: { lambda, scoreWorth, channels: [...channels.keys()] }, bytes };
}

/**
 * Reads what `formatOffsets` made.
 * @param width dimensions of the embeddings, [image + text]
 * @throws SafetensorsInvalid, NotFinite, RangeError if card, file and width do not fit
 */
export function parseOffsets(
  { channels: ids, ...facts }: OffsetsCard,
  bytes: Uint8Array,
  width: number,
): ChannelOffsets {
  const { directions, scalars } = readSafetensors(bytes, OFFSETS_FILE).weights;
  if (directions?.values.length !== ids.length * width || scalars?.values.length !== 2 * ids.length)
    throw new RangeError(`${OFFSETS_FILE} does not hold ${ids.length} channels of ${width} dimensions`);
  requireFinite(directions.values, "directions");
  requireFinite(scalars.values, "scalars");
  const offsets = ids.map((channelId, row): [string, ChannelOffset] => {
    const direction = directions.values.slice(row * width, (row + 1) * width);
    return [channelId, { direction, share: at(scalars.values, 2 * row), constant: at(scalars.values, 2 * row + 1) }];
  });
  return { ...facts, channels: new Map(offsets) };
}
