import * as tf from "@tensorflow/tfjs";
import { attention, feedForward, gelu, layerNorm, type Parameters, parameter } from "../../model";
import { firstPosition, type Pooling, type Transformer } from "./settings";

/** Added to the attention scores of padding, so that softmax makes them 0. */
const HIDDEN = -1e9;

/** Tokens of several texts, padded to equal length. */
export interface TokenBatch {
  /** [batch, tokens], int32 */
  ids: tf.Tensor2D;
  /** [batch, tokens], 1 for a token, 0 for padding */
  mask: tf.Tensor2D;
}

/** Names and shapes of all weights that `encodeTokens` uses, with the names of a BertModel of `transformers`. */
export function weightShapes(config: Transformer): Map<string, number[]> {
  const { hidden_size: width, intermediate_size: inner } = config;
  const shapes = new Map<string, number[]>([
    ["embeddings.word_embeddings.weight", [config.vocab_size, width]],
    ["embeddings.position_embeddings.weight", [config.max_position_embeddings, width]],
    ["embeddings.token_type_embeddings.weight", [config.type_vocab_size, width]],
  ]);
  const norm = (name: string) => shapes.set(`${name}.weight`, [width]).set(`${name}.bias`, [width]);
  const linear = (name: string, inputs: number, outputs: number) =>
    shapes.set(`${name}.weight`, [outputs, inputs]).set(`${name}.bias`, [outputs]);
  norm("embeddings.LayerNorm");
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    const names = layerNames(layer);
    for (const name of Object.values(names.attention)) linear(name, width, width);
    norm(names.attentionNorm);
    linear(names.feedForward.inner, width, inner);
    linear(names.feedForward.output, inner, width);
    norm(names.outputNorm);
  }
  return shapes;
}

/**
 * Computes BERT, RoBERTa or XLM-RoBERTa without its pooler, then one vector per text, in plain TensorFlow.js
 * operations.
 * @returns [batch, hidden_size], not normalised
 */
export function encodeTokens(
  parameters: Parameters,
  config: Transformer,
  pooling: Pooling,
  batch: TokenBatch,
): tf.Tensor2D {
  const [texts, tokens] = batch.mask.shape;
  const bias = tf.reshape(tf.mul(tf.sub(1, batch.mask), HIDDEN), [texts, 1, 1, tokens]);
  let x = embedTokens(parameters, config, batch);
  for (let layer = 0; layer < config.num_hidden_layers; layer++) x = encoderLayer(parameters, config, layer, x, bias);
  return pool(tf.reshape(x, [texts, tokens, config.hidden_size]), batch.mask, pooling);
}

/** @returns [batch * tokens, hidden_size] */
function embedTokens(parameters: Parameters, config: Transformer, { ids }: TokenBatch): tf.Tensor2D {
  const [texts, tokens] = ids.shape;
  const width = config.hidden_size;
  const rows = (name: string, from: number, size: number) =>
    tf.slice(parameter(parameters, `embeddings.${name}.weight`) as tf.Tensor2D, [from, 0], [size, width]);
  const words = tf.gather(parameter(parameters, "embeddings.word_embeddings.weight"), ids);
  const places = tf.add(
    rows("position_embeddings", firstPosition(config), tokens),
    rows("token_type_embeddings", 0, 1),
  );
  const summed = tf.reshape(tf.add(words, places), [texts * tokens, width]) as tf.Tensor2D;
  return layerNorm(parameters, "embeddings.LayerNorm", summed, config.layer_norm_eps);
}

function encoderLayer(
  parameters: Parameters,
  config: Transformer,
  layer: number,
  x: tf.Tensor2D,
  bias: tf.Tensor,
): tf.Tensor2D {
  const names = layerNames(layer);
  const { num_attention_heads: heads, layer_norm_eps: epsilon } = config;
  const attended = attention(parameters, names.attention, x, { batch: bias.shape[0] ?? 1, heads, bias });
  const middle = layerNorm(parameters, names.attentionNorm, tf.add(x, attended), epsilon);
  const forwarded = feedForward(parameters, names.feedForward, middle, gelu);
  return layerNorm(parameters, names.outputNorm, tf.add(middle, forwarded), epsilon);
}

function layerNames(layer: number) {
  const start = `encoder.layer.${layer}`;
  const own = (name: string) => `${start}.attention.self.${name}`;
  return {
    attention: { query: own("query"), key: own("key"), value: own("value"), output: `${start}.attention.output.dense` },
    attentionNorm: `${start}.attention.output.LayerNorm`,
    feedForward: { inner: `${start}.intermediate.dense`, output: `${start}.output.dense` },
    outputNorm: `${start}.output.LayerNorm`,
  };
}

/**
 * Pools the token vectors of each text into one vector, excluding padding.
 * @param hidden [batch, tokens, width]
 */
function pool(hidden: tf.Tensor3D, mask: tf.Tensor2D, pooling: Pooling): tf.Tensor2D {
  const [texts, tokens, width] = hidden.shape;
  if (pooling === "cls") return tf.reshape(tf.slice(hidden, [0, 0, 0], [texts, 1, width]), [texts, width]);
  const weights = tf.reshape(mask, [texts, tokens, 1]);
  if (pooling === "max") return tf.max(tf.add(hidden, tf.mul(tf.sub(1, weights), HIDDEN)), 1);
  const sums = tf.sum(tf.mul(hidden, weights), 1);
  const real = tf.sum(mask, 1, true);
  return tf.div(sums, pooling === "mean" ? real : tf.sqrt(real));
}
