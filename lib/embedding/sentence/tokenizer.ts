import {
  BertNormalizer,
  type Normalizer,
  PrecompiledNormalizer,
  SequenceNormalizer,
  Tokenizer,
} from "@huggingface/tokenizers";
import { CharactersMap } from "./characters-map";

/** Chinese characters of two code units, which BERT separates by spaces like all others. */
const RARE_IDEOGRAPHS =
  /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;
/** A text that gives at least one token. */
const PROBE = "a";

/** Splits texts into tokens of a vocabulary. */
export interface TextTokenizer {
  /** Size of the vocabulary: all tokens are smaller. */
  readonly vocabulary: number;
  /** Tokens of a text, including the opening and closing ones, truncated to `maxTokens` as Python's tokenizers do. */
  encode(text: string, maxTokens: number): number[];
}

/**
 * Creates a tokenizer from `tokenizer.json` and `tokenizer_config.json`: Hugging Face's own in JavaScript, corrected
 * where it differs from Python's.
 * @throws any error in these files
 */
export function createTokenizer(json: object, config: object): TextTokenizer {
  const tokenizer = new Tokenizer(json, config);
  tokenizer.normalizer = correctNormalizer(tokenizer.normalizer);
  const { opening, closing } = findFrame(tokenizer);
  return {
    vocabulary: Math.max(...tokenizer.get_vocab().values()) + 1,
    encode(text, maxTokens) {
      const tokens = text.trim() === "" ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids;
      const room = Math.max(0, maxTokens - opening.length - closing.length);
      return [...opening, ...tokens.slice(0, room), ...closing];
    },
  };
}

/** The tokens before and after those of a text. */
function findFrame(tokenizer: Tokenizer): { opening: number[]; closing: number[] } {
  const { ids } = tokenizer.encode(PROBE);
  const inner = tokenizer.encode(PROBE, { add_special_tokens: false }).ids;
  const start = ids.findIndex((_, i) => inner.every((id, place) => ids[i + place] === id));
  if (inner.length === 0 || start < 0) throw new RangeError("its post_processor changes the tokens of a text");
  return { opening: ids.slice(0, start), closing: ids.slice(start + inner.length) };
}

function correctNormalizer(normalizer: Normalizer | null): Normalizer | null {
  if (normalizer instanceof SequenceNormalizer) normalizer.normalizers = normalizer.normalizers.map(correctNormalizer);
  if (normalizer instanceof BertNormalizer) {
    const { handle_chinese_chars: separates, lowercase } = normalizer.config;
    normalizer.normalize = (text) => {
      // The library only examines single code units.
      const separated = separates === true ? text.replace(RARE_IDEOGRAPHS, " $& ") : text;
      // JavaScript lowercases a sigma at the end of a word to another letter than Python's tokenizers do.
      const lowered = lowercase === true ? separated.replaceAll("Σ", "σ") : separated;
      return BertNormalizer.prototype.normalize.call(normalizer, lowered);
    };
  }
  // The library uses NFKC for all maps, which differs, for example, in the joiners of emoji.
  if (
    normalizer instanceof PrecompiledNormalizer &&
    typeof normalizer.charsmap === "string" &&
    normalizer.charsmap !== ""
  ) {
    const map = new CharactersMap(normalizer.charsmap);
    normalizer.normalize = (text) => map.normalise(text);
  }
  return normalizer;
}
