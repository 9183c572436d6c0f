import type { Tensor } from "@huggingface/transformers";
import type { EncoderIdentity } from "../../store";
import { normaliseRows, type TextEncoder } from "../encoder";
import { type ModelFiles, ModelUnusable } from "../hub/errors";
import { computeRevision, disposeAll, load, run } from "../hub/load";
import { type EncoderOptions, findModel } from "../hub/source";

const DIMENSIONS = 384;
/** Token limit of sentence-transformers for this model. */
const MAX_TOKENS = 256;
export const ONNX_MINILM: ModelFiles = {
  repository: "Xenova/all-MiniLM-L6-v2",
  files: ["onnx/model.onnx", "config.json", "tokenizer.json", "tokenizer_config.json"],
};

type Inputs = Record<"input_ids" | "attention_mask" | "token_type_ids", Tensor>;

/**
 * Opens all-MiniLM-L6-v2 through transformers.js and ONNX Runtime: mean over the token vectors, normalised to length 1.
 * @throws ModelFolderIncomplete, HubUnreachable, ModelUnusable
 */
export async function openOnnxMiniLm(options: EncoderOptions): Promise<TextEncoder> {
  const source = findModel(ONNX_MINILM, options);
  const { model, tokenizer } = await load(ONNX_MINILM, source, async ({ AutoModel, AutoTokenizer }, id, loading) => ({
    tokenizer: await AutoTokenizer.from_pretrained(id, loading),
    model: await AutoModel.from_pretrained(id, loading),
  }));
  const identity: EncoderIdentity = {
    kind: "text",
    model: "minilm",
    revision: await computeRevision(source.folder, ["onnx/model.onnx", "tokenizer.json"]),
    preprocessing: `${MAX_TOKENS} tokens, mean over tokens`,
    normalisation: "l2",
    dimensions: DIMENSIONS,
  };
  const tokenise = (titles: readonly string[]): Inputs => {
    const inputs = tokenizer([...titles], { padding: true, truncation: true, max_length: MAX_TOKENS }) as Inputs;
    const ids = inputs.input_ids.data as BigInt64Array;
    const mask = inputs.attention_mask.data as BigInt64Array;
    endWithSeparator(ids, mask, titles.length, tokenizer.sep_token_id);
    return inputs;
  };
  return {
    identity,
    async encode(batch) {
      if (batch.length === 0) return new Float32Array(0);
      const inputs = tokenise(batch);
      const outputs = await run(source, ONNX_MINILM, model, inputs);
      try {
        const hidden = readHidden(outputs, inputs, source.folder);
        const mask = inputs.attention_mask.data as BigInt64Array;
        return normaliseRows(meanPooled(hidden, mask, batch.length), DIMENSIONS);
      } finally {
        disposeAll({ ...outputs, ...inputs });
      }
    },
    async close() {
      await model.dispose();
    },
  };
}

function readHidden(outputs: Record<string, Tensor>, inputs: Inputs, folder: string): Float32Array {
  const hidden = outputs.last_hidden_state;
  const tokens = inputs.attention_mask.data.length;
  if (hidden?.data instanceof Float32Array && hidden.data.length === tokens * DIMENSIONS) return hidden.data;
  throw new ModelUnusable(
    ONNX_MINILM,
    folder,
    `its last_hidden_state is ${hidden?.dims.join("x")}, not ${DIMENSIONS} wide`,
  );
}

/**
 * Means of each title's token vectors, excluding padding.
 * @param hidden [batch, tokens, dimensions]
 * @param mask [batch, tokens], 1 for a token, 0 for padding
 * @returns [batch, dimensions]
 */
export function meanPooled(hidden: Float32Array, mask: ArrayLike<bigint>, batch: number): Float32Array {
  const tokens = mask.length / batch;
  const dimensions = hidden.length / mask.length;
  const pooled = new Float32Array(batch * dimensions);
  const sums = new Float64Array(dimensions);
  for (let row = 0; row < batch; row++) {
    sums.fill(0);
    let real = 0;
    for (let token = row * tokens; token < (row + 1) * tokens; token++) {
      if (mask[token] !== 1n) continue;
      real++;
      for (let i = 0; i < dimensions; i++) sums[i]! += hidden[token * dimensions + i]!;
    }
    for (let i = 0; i < dimensions; i++) pooled[row * dimensions + i] = sums[i]! / Math.max(1, real);
  }
  return pooled;
}

/**
 * Ends truncated titles with the separator, in place, as Python's tokenizers do; transformers.js cuts it off.
 * @param ids [batch, tokens]
 * @param mask [batch, tokens], 1 for a token, 0 for padding
 */
function endWithSeparator(ids: BigInt64Array, mask: BigInt64Array, batch: number, separator: number): void {
  const tokens = ids.length / batch;
  for (let last = tokens - 1; last < ids.length; last += tokens) {
    if (mask[last] === 1n) ids[last] = BigInt(separator);
  }
}
