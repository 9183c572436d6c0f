import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { Encoding } from "../../config";

/** A text as bytes in which line ends and quotes are ASCII, with a decoder for its lines. */
export interface TextBytes {
  chunks: AsyncGenerator<Buffer, void>;
  encoding: Encoding;
  /** Its first character that is not blank. */
  firstSign: string;
  /** Decodes a whole line; undefined if its bytes are invalid in this encoding. */
  decode: (line: Buffer) => string | undefined;
}

/** The encoding is detected from this many bytes; later bytes are checked line by line. */
const SAMPLE_BYTES = 4 << 20;
const HEAD_BYTES = 4096;
const BYTE_ORDER_MARKS: [string, Encoding][] = [
  ["efbbbf", "utf-8"],
  ["fffe", "utf-16le"],
  ["feff", "utf-16be"],
];
/** Bytes that Windows-1252 leaves undefined. */
const UNDEFINED_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/**
 * Opens a text file, plain or gzipped, as a stream.
 * @param given its encoding; detected from the first 4 MB if null
 */
export async function openText(file: string, gzipped: boolean, given: Encoding | null): Promise<TextBytes> {
  const chunks = fileChunks(file, gzipped);
  const sample: Buffer[] = [];
  let sampled = 0;
  while (sampled < SAMPLE_BYTES) {
    const { value } = await chunks.next();
    if (!value) break;
    sample.push(value);
    sampled += value.length;
  }
  const head = Buffer.concat(sample);
  const [mark, marked] = BYTE_ORDER_MARKS.find(([hex]) => head.toString("hex", 0, hex.length / 2) === hex) ?? [];
  const encoding = given ?? marked ?? detectEncoding(head);
  const start = mark !== undefined && marked === encoding ? mark.length / 2 : 0;
  const firstSign = new TextDecoder(encoding)
    .decode(head.subarray(start, start + HEAD_BYTES))
    .trimStart()
    .charAt(0);
  const text = joined(head.subarray(start), chunks);
  const isWide = encoding === "utf-16le" || encoding === "utf-16be";
  if (isWide) return { chunks: inUtf8(text, encoding), encoding, firstSign, decode: createDecoder("utf-8") };
  return { chunks: text, encoding, firstSign, decode: createDecoder(encoding) };
}

/**
 * The encoding of bytes without a byte order mark. Bytes that fit neither encoding count as UTF-8, so that their bad
 * lines are refused.
 */
function detectEncoding(head: Buffer): Encoding {
  const start = head.subarray(0, 64);
  const nulls = (parity: number) => start.filter((byte, i) => byte === 0 && i % 2 === parity).length;
  if (nulls(1) > start.length / 4 && nulls(0) === 0) return "utf-16le";
  if (nulls(0) > start.length / 4 && nulls(1) === 0) return "utf-16be";
  return isUtf8(withoutCutCharacter(head)) || !is1252(head) ? "utf-8" : "windows-1252";
}

/** Drops the start of a character that may be cut off at the end of a sample (up to three bytes). */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let cut = 1; cut <= Math.min(3, bytes.length); cut++) {
    if ((bytes[bytes.length - cut] ?? 0) >= 0xc0) return bytes.subarray(0, bytes.length - cut);
  }
  return bytes;
}

/**
 * Windows-1252 text hardly ever contains a valid multi-byte UTF-8 sequence; damaged UTF-8 contains mostly valid ones.
 */
function is1252(bytes: Buffer): boolean {
  if (bytes.some((byte) => byte === 0 || UNDEFINED_1252.includes(byte))) return false;
  const characters = bytes.toString("utf8");
  let whole = 0;
  let broken = 0;
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    if (code === 0xfffd) broken++;
    else if (code > 0x7f) whole++;
  }
  return broken > whole;
}

function createDecoder(encoding: Encoding): TextBytes["decode"] {
  if (encoding === "utf-8") return (line) => (isUtf8(line) ? line.toString("utf8") : undefined);
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (line) => {
    try {
      return decoder.decode(line);
    } catch {
      return undefined;
    }
  };
}

async function* joined(head: Buffer, rest: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** Unpaired surrogates become U+FFFD, as UTF-8 cannot represent them. */
async function* inUtf8(chunks: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer, void> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }), "utf8");
  yield Buffer.from(decoder.decode(), "utf8");
}

/** Destroys the source together with the consumer and passes its errors on, which `pipe` alone does not do. */
async function* fileChunks(file: string, gzipped: boolean): AsyncGenerator<Buffer, void> {
  const source = createReadStream(file);
  const gunzip = gzipped ? createGunzip() : undefined;
  source.once("error", (error) => gunzip?.destroy(error));
  try {
    for await (const chunk of gunzip ? source.pipe(gunzip) : source) yield chunk;
  } finally {
    source.destroy();
    gunzip?.destroy();
  }
}
