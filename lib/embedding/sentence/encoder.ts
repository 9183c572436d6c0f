import { existsSync } from "node:fs";
import { join } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { z } from "zod";
import { messageOf } from "../../base";
import { type Compiled, defaultThreads, type Engine, openEngine } from "../../engine";
import type { Parameters } from "../../model";
import type { EncoderIdentity } from "../../store";
import { normaliseRows, type TextEncoder } from "../encoder";
import { computeRevision } from "../hub/load";
import { encodeTokens } from "./bert";
import { SentenceEncoderUnusable } from "./errors";
import { type Pooling, readSettings, requireJson, type SentenceSettings } from "./settings";
import { createTokenizer, type TextTokenizer } from "./tokenizer";
import { loadWeights, WEIGHTS_FILE } from "./weights";

const TOKENIZER_FILE = "tokenizer.json";
/** Number of texts computed at once; texts of a batch are grouped by similar length. */
const GROUP = 8;
/**
 * Texts are padded to a multiple of this many tokens, since a step is compiled for each length; long texts use the
 * second.
 */
const STRIDES = [4, 16] as const;
const LONG = 32;

/** Names of the poolings in identities. */
const POOLING_WORDS: Record<Pooling, string> = {
  cls: "first token",
  max: "maximum over tokens",
  mean: "mean over tokens",
  mean_sqrt_len_tokens: "sum over tokens by the root of their number",
};

/**
 * Opens any sentence encoder that is a BERT, RoBERTa or XLM-RoBERTa, in plain TensorFlow.js on our engine.
 * @param folder as sentence-transformers or transformers saves it
 * @param model its name in the identity
 * @throws SentenceEncoderUnusable, SafetensorsInvalid
 */
export async function openSentenceEncoder(folder: string, model: string): Promise<TextEncoder> {
  const settings = await readSettings(folder);
  const tokenizer = await readTokenizer(settings);
  const { transformer, pooling, maxTokens, prompt } = settings;
  // A text's layers run one after another, so the cores share the matrix products of each layer.
  const { interOpThreads: cores } = defaultThreads();
  const engine = await openEngine({ intraOpThreads: cores, interOpThreads: 2 });
  try {
    const parameters = await loadWeights(engine, settings.folder, transformer);
    const identity: EncoderIdentity = {
      kind: "text",
      model,
      revision: await computeRevision(settings.folder, [WEIGHTS_FILE, TOKENIZER_FILE]),
      preprocessing: `${prompt === "" ? "" : `${JSON.stringify(prompt)} first, `}${maxTokens} tokens, ${POOLING_WORDS[pooling]}`,
      normalisation: "l2",
      dimensions: transformer.hidden_size,
    };
    return new SentenceEncoder(identity, settings, tokenizer, engine, parameters);
  } catch (error) {
    engine.dispose();
    throw error;
  }
}

/**
 * The first folder that has the files of a sentence encoder: one of these names below the root, or the root itself.
 * @returns undefined if none has
 */
export function findSentenceEncoder(root: string, names: readonly string[]): string | undefined {
  const files = ["config.json", WEIGHTS_FILE, TOKENIZER_FILE];
  const folders = [...names.map((name) => join(root, name)), root];
  return folders.find((folder) => files.every((file) => existsSync(join(folder, file))));
}

class SentenceEncoder implements TextEncoder {
  readonly #steps = new Map<string, Compiled>();

  constructor(
    readonly identity: EncoderIdentity,
    private readonly settings: SentenceSettings,
    private readonly tokenizer: TextTokenizer,
    private readonly engine: Engine,
    private readonly parameters: Parameters,
  ) {}

  async encode(batch: readonly string[]): Promise<Float32Array> {
    const { dimensions } = this.identity;
    const { prompt, maxTokens } = this.settings;
    const texts = batch.map((text, row) => ({ row, tokens: this.tokenizer.encode(prompt + text, maxTokens) }));
    texts.sort((one, other) => one.tokens.length - other.tokens.length);
    const vectors = new Float32Array(batch.length * dimensions);
    for (let start = 0; start < texts.length; start += GROUP) {
      const group = texts.slice(start, start + GROUP);
      const found = await this.#encodeGroup(group.map(({ tokens }) => tokens));
      group.forEach(({ row }, i) => {
        vectors.set(found.subarray(i * dimensions, (i + 1) * dimensions), row * dimensions);
      });
    }
    return normaliseRows(vectors, dimensions);
  }

  async close(): Promise<void> {
    this.engine.dispose();
  }

  /** @returns [at least texts, dimensions] */
  async #encodeGroup(texts: readonly number[][]): Promise<Float32Array> {
    const longest = Math.max(...texts.map(({ length }) => length));
    const stride = longest <= LONG ? STRIDES[0] : STRIDES[1];
    const tokens = Math.min(Math.ceil(longest / stride) * stride, this.settings.maxTokens);
    const rows = 2 ** Math.ceil(Math.log2(texts.length));
    const ids = new Int32Array(rows * tokens);
    // Filler rows have one token, so that their mean is a number.
    const mask = Float32Array.from(ids, (_, i) => (i % tokens === 0 ? 1 : 0));
    for (const [row, text] of texts.entries()) {
      ids.set(text, row * tokens);
      mask.fill(1, row * tokens, row * tokens + text.length);
    }
    const [vectors = new Float32Array()] = await this.#stepFor(rows, tokens)(ids, mask);
    return vectors;
  }

  #stepFor(rows: number, tokens: number): Compiled {
    const shape = [rows, tokens];
    const known = this.#steps.get(shape.join());
    if (known !== undefined) return known;
    const { transformer, pooling } = this.settings;
    const step = this.engine.jit(
      (ids, mask) => [
        encodeTokens(this.parameters, transformer, pooling, { ids: ids as tf.Tensor2D, mask: mask as tf.Tensor2D }),
      ],
      { shape, dtype: "int32" },
      { shape },
    );
    this.#steps.set(shape.join(), step);
    return step;
  }
}

/** @throws SentenceEncoderUnusable, also if it produces tokens without a row in the weights */
async function readTokenizer({ folder, transformer }: SentenceSettings): Promise<TextTokenizer> {
  const json = await requireJson(folder, TOKENIZER_FILE, z.looseObject({}));
  const config = await requireJson(folder, "tokenizer_config.json", z.looseObject({}));
  const tokenizer = buildTokenizer(folder, json, config);
  if (tokenizer.vocabulary > transformer.vocab_size)
    throw new SentenceEncoderUnusable(
      folder,
      `${TOKENIZER_FILE} has tokens up to ${tokenizer.vocabulary - 1}; config.json has a vocab_size of ${transformer.vocab_size}`,
    );
  return tokenizer;
}

function buildTokenizer(folder: string, json: object, config: object): TextTokenizer {
  try {
    return createTokenizer(json, config);
  } catch (error) {
    throw new SentenceEncoderUnusable(
      folder,
      `${TOKENIZER_FILE} is not one that is read here (${messageOf(error)})`,
      error,
    );
  }
}
