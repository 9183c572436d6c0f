import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { at, messageOf } from "../../base";
import { fromFloat16 } from "../../engine";
import { openPlain } from "../../files";
import { HiddenStatesMissing, HiddenStatesUnusable } from "../errors";
import { readIfThere } from "../file/layout";
import { computeChecksum, isForgotten, type RowKey, readRows, rowId } from "../file/rows";

export const HIDDEN = "hidden.f16";
export const PREFIX_IDENTITY = "prefix.json";

/** What hidden states depend on: the frozen first blocks of a vision tower, and how pictures reach them. */
export const PrefixIdentity = z.strictObject({
  /** Such as "ViT-L/14". */
  model: z.string(),
  /** Of the weights. */
  revision: z.string(),
  /** As in the encoder's identity, geometry included. */
  preprocessing: z.string(),
  /** Number of blocks computed: also the index of the first trained block. */
  blocks: z.number().int().nonnegative(),
  tokens: z.number().int().positive(),
  width: z.number().int().positive(),
  /** What products were computed in. */
  precision: z.enum(["float32", "bfloat16", "float16"]),
});
export type PrefixIdentity = z.infer<typeof PrefixIdentity>;

/** A picture: the video, and a hash of the thumbnail's bytes. */
export type PictureKey = readonly [videoId: string, content: string];

/** Bytes of a picture's hidden states: half a megabyte at ViT-L/14. */
export function rowSizeBytes({ tokens, width }: PrefixIdentity): number {
  return tokens * width * Uint16Array.BYTES_PER_ELEMENT;
}

/** The folder of these hidden states below `paths.embeddings`. */
export function prefixFolder(embeddings: string, identity: PrefixIdentity): string {
  const hash = createHash("sha256").update(identityText(identity)).digest("hex").slice(0, 12);
  return join(embeddings, `hidden-${identity.model.replace(/[^\w.-]+/g, "-")}-${hash}`);
}

/** Content of the folder's description. */
export function identityText(identity: PrefixIdentity): string {
  return `${JSON.stringify(PrefixIdentity.parse(identity), null, 2)}\n`;
}

/**
 * The identity whose hidden states a folder holds; undefined if it is not a folder of hidden states.
 * @throws HiddenStatesUnusable if it cannot be understood
 */
export async function readPrefixIdentity(folder: string): Promise<PrefixIdentity | undefined> {
  const text = await readIfThere(join(folder, PREFIX_IDENTITY));
  if (text === undefined) return undefined;
  try {
    return PrefixIdentity.parse(JSON.parse(text.toString()));
  } catch (thrown) {
    throw new HiddenStatesUnusable(folder, `${PREFIX_IDENTITY}: ${messageOf(thrown)}`, thrown);
  }
}

/**
 * Hidden states of pictures, open for reading: positioned reads of one picture each. They need no native code, and the
 * system's cache keeps what fits in memory; a picture's states are one piece of the file, so nothing else is read.
 */
export class HiddenStates {
  readonly #file: FileHandle;
  readonly #halves: Uint16Array;

  private constructor(
    readonly identity: PrefixIdentity,
    readonly folder: string,
    readonly keys: readonly RowKey[],
    /** Row of each picture in the file. */
    readonly positions: Int32Array,
    file: FileHandle,
  ) {
    this.#file = file;
    this.#halves = new Uint16Array(identity.tokens * identity.width);
  }

  /**
   * Opens the hidden states of these pictures.
   * @throws HiddenStatesMissing if some were not computed, HiddenStatesUnusable
   */
  static async open(
    embeddings: string,
    identity: PrefixIdentity,
    pictures: readonly PictureKey[],
  ): Promise<HiddenStates> {
    const folder = prefixFolder(embeddings, identity);
    const { keys } = await readRows(folder, rowSizeBytes(identity), HIDDEN);
    const known = rowsByPicture(keys);
    const positions = Int32Array.from(pictures, (picture) => known.get(rowId(picture)) ?? -1);
    const missing = pictures.filter((_, index) => positions[index] === -1).map(([videoId]) => videoId);
    if (missing.length > 0) throw new HiddenStatesMissing(folder, missing, pictures.length);
    return new HiddenStates(identity, folder, keys, positions, await openPlain(join(folder, HIDDEN)));
  }

  /**
   * Reads hidden states; one call at a time.
   * @param indices in the pictures given to `open`
   * @returns [indices * tokens, width], row-major
   * @throws HiddenStatesUnusable if the numbers differ from what was written
   */
  async rows(indices: ArrayLike<number>): Promise<Float32Array> {
    const size = this.#halves.length;
    const values = new Float32Array(indices.length * size);
    for (let place = 0; place < indices.length; place++) {
      const position = at(this.positions, at(indices, place));
      await this.#read(position);
      fromFloat16(this.#halves, values, place * size);
    }
    return values;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #read(position: number): Promise<void> {
    const bytes = new Uint8Array(this.#halves.buffer);
    const from = position * bytes.length;
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, from + done);
      if (bytesRead === 0) throw new HiddenStatesUnusable(this.folder, `${HIDDEN} ends at byte ${from + done}`);
      done += bytesRead;
    }
    const key = at(this.keys, position);
    if (key[2] !== computeChecksum(key, this.#halves))
      throw new HiddenStatesUnusable(this.folder, `those of ${key[0]} are damaged`);
  }
}

/** The row of each picture; of two with the same key the last. */
export function rowsByPicture(keys: readonly RowKey[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (const [row, key] of keys.entries()) if (!isForgotten(key)) rows.set(rowId(key), row);
  return rows;
}
