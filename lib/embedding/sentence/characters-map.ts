/**
 * The only text that can change if printable ASCII maps to itself: other characters, with the ASCII character before
 * them that they may combine with.
 */
const BEYOND_ASCII = /[ -~]?[^ -~]+/g;
const PRINTABLE_ASCII = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i));
/** A grapheme of more UTF-8 bytes is not looked up as a whole, as in Hugging Face's tokenizers. */
const LONGEST_GRAPHEME = 5;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/**
 * SentencePiece's `precompiled_charsmap`: the replacement of each character or grapheme before text is split into
 * pieces (NFKC with exceptions, in XLM-R). A double-array trie of UTF-8 bytes (darts-clone) points to the replacements.
 */
export class CharactersMap {
  readonly #trie: Uint32Array;
  readonly #replacements: Uint8Array;
  readonly #keepsAscii: boolean;

  /**
   * @param base64 as in tokenizer.json
   * @throws RangeError if it is truncated
   */
  constructor(base64: string) {
    const bytes = new Uint8Array(Buffer.from(base64, "base64"));
    const trieBytes = bytes.length < 4 ? -1 : new DataView(bytes.buffer).getUint32(0, true);
    if (trieBytes < 0 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length)
      throw new RangeError(`precompiled_charsmap has ${bytes.length} bytes, which do not hold its trie`);
    this.#trie = new Uint32Array(bytes.slice(4, 4 + trieBytes).buffer);
    this.#replacements = bytes.slice(4 + trieBytes);
    this.#keepsAscii = PRINTABLE_ASCII.every((character) => this.#ofGrapheme(character) === character);
  }

  /** Makes all replacements in a text. */
  normalise(text: string): string {
    const normal = (part: string) =>
      Array.from(graphemes.segment(part), ({ segment }) => this.#ofGrapheme(segment)).join("");
    return this.#keepsAscii ? text.replace(BEYOND_ASCII, normal) : normal(text);
  }

  #ofGrapheme(grapheme: string): string {
    const bytes = encoder.encode(grapheme);
    const whole = bytes.length <= LONGEST_GRAPHEME ? this.#find(bytes) : undefined;
    if (whole !== undefined) return whole;
    return [...grapheme].map((character) => this.#find(encoder.encode(character)) ?? character).join("");
  }

  /** Replacement of the shortest prefix that has one. */
  #find(bytes: Uint8Array): string | undefined {
    let node = offsetOf(this.#trie[0] ?? 0);
    for (const byte of bytes) {
      node ^= byte;
      const unit = this.#trie[node];
      if (unit === undefined || labelOf(unit) !== byte) return undefined;
      node ^= offsetOf(unit);
      if (hasLeaf(unit)) return this.#replacementAt((this.#trie[node] ?? 0) & 0x7fffffff);
    }
    return undefined;
  }

  #replacementAt(start: number): string {
    const end = this.#replacements.indexOf(0, start);
    return decoder.decode(this.#replacements.subarray(start, end < 0 ? undefined : end));
  }
}

const labelOf = (unit: number) => (unit & 0x800000ff) >>> 0;
const hasLeaf = (unit: number) => ((unit >>> 8) & 1) === 1;
const offsetOf = (unit: number) => ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
