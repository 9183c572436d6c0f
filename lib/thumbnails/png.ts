/** A part of a PNG file: its length, its name, data and a checksum. */
export interface PngChunk {
  type: string;
  from: number;
  to: number;
}

/** The whole chunks of a PNG file, up to its end or to the first that is cut. */
export function* pngChunks(bytes: Buffer): Generator<PngChunk> {
  for (let from = 8; from + 12 <= bytes.length; ) {
    const to = from + 12 + bytes.readUInt32BE(from);
    if (to > bytes.length) return;
    const type = bytes.toString("latin1", from + 4, from + 8);
    yield { type, from, to };
    if (type === "IEND") return;
    from = to;
  }
}
