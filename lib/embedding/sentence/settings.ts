import { resolve, sep } from "node:path";
import { z } from "zod";
import { readFolderJson } from "../../model";
import { SentenceEncoderUnusable } from "./errors";

const count = (most: number) => z.number().int().min(1).max(most);

/** The supported part of a transformer's `config.json`. */
const Transformer = z
  .object({
    model_type: z.enum(["bert", "roberta", "xlm-roberta"]),
    vocab_size: count(4_000_000),
    hidden_size: count(16_384),
    num_hidden_layers: count(200),
    num_attention_heads: count(512),
    intermediate_size: count(131_072),
    max_position_embeddings: count(1_000_000),
    type_vocab_size: count(1024).default(2),
    layer_norm_eps: z.number().positive().max(1).default(1e-12),
    hidden_act: z.literal("gelu").default("gelu"),
    position_embedding_type: z.literal("absolute").default("absolute"),
    pad_token_id: z.number().int().min(0).max(4_000_000).nullish(),
  })
  .refine(({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0, {
    path: ["num_attention_heads"],
    message: "must divide hidden_size",
  });
export type Transformer = z.infer<typeof Transformer>;

const Modules = z.array(z.object({ path: z.string(), type: z.string() }));
const Limits = z.object({ max_seq_length: count(1_000_000).nullish() });
const TokenizerLimits = z.object({ model_max_length: z.number().positive().optional() });
const Prompts = z.object({
  prompts: z.record(z.string(), z.string().nullable()).nullish(),
  default_prompt_name: z.string().nullish(),
});

/** How token vectors are pooled into one. */
const POOLINGS = ["cls", "max", "mean", "mean_sqrt_len_tokens"] as const;
export type Pooling = (typeof POOLINGS)[number];
/** Flags of `1_Pooling/config.json` before `pooling_mode` was introduced. */
const EARLIER_NAMES = {
  pooling_mode_cls_token: "cls",
  pooling_mode_max_tokens: "max",
  pooling_mode_mean_tokens: "mean",
  pooling_mode_mean_sqrt_len_tokens: "mean_sqrt_len_tokens",
  pooling_mode_weightedmean_tokens: "weightedmean",
  pooling_mode_lasttoken: "lasttoken",
};
const PoolingConfig = z.looseObject({
  pooling_mode: z.union([z.string(), z.array(z.string())]).optional(),
  include_prompt: z.literal(true).default(true),
});

/** All settings of a sentence encoder except its weights and vocabulary. */
export interface SentenceSettings {
  transformer: Transformer;
  pooling: Pooling;
  /** Texts are truncated to this many tokens. */
  maxTokens: number;
  /** Prefix of every text. */
  prompt: string;
  /** Folder of the transformer's weights and vocabulary. */
  folder: string;
}

/**
 * Reads the settings that sentence-transformers keeps in a folder; a folder of transformers alone uses mean pooling, as
 * sentence-transformers does.
 * @throws SentenceEncoderUnusable
 */
export async function readSettings(root: string): Promise<SentenceSettings> {
  const modules = (await readJson(root, "modules.json", Modules)) ?? [];
  const kinds = modules.map(({ type }) => type.split(".").at(-1) ?? "");
  const [first = "Transformer", second = "Pooling", third = "Normalize", ...others] = kinds;
  const other = [
    first !== "Transformer" && first,
    second !== "Pooling" && second,
    third !== "Normalize" && third,
    ...others,
  ].find(Boolean);
  if (other) throw new SentenceEncoderUnusable(root, `modules.json has ${other}, which is not computed here`);
  const folder = resolveInside(root, modules[0]?.path ?? "");
  const transformer = await requireJson(folder, "config.json", Transformer);
  const limits = await readJson(folder, "sentence_bert_config.json", Limits);
  const tokenizer = await readJson(folder, "tokenizer_config.json", TokenizerLimits);
  const prompts = await readJson(root, "config_sentence_transformers.json", Prompts);
  const positions = transformer.max_position_embeddings - firstPosition(transformer);
  return {
    transformer,
    pooling: modules[1] === undefined ? "mean" : await readPooling(resolveInside(root, modules[1].path)),
    maxTokens: Math.min(limits?.max_seq_length ?? tokenizer?.model_max_length ?? positions, positions),
    prompt: prompts?.prompts?.[prompts.default_prompt_name ?? ""] ?? "",
    folder,
  };
}

/** Position table row of a text's first token: RoBERTa's positions start after that of padding. */
export function firstPosition({ model_type, pad_token_id }: Transformer): number {
  return model_type === "bert" ? 0 : (pad_token_id ?? 1) + 1;
}

async function readPooling(folder: string): Promise<Pooling> {
  const config = await requireJson(folder, "config.json", PoolingConfig);
  const earlier = Object.entries(EARLIER_NAMES).flatMap(([key, mode]) => (config[key] === true ? [mode] : []));
  const named = config.pooling_mode ?? (earlier.length === 0 ? ["mean"] : earlier);
  const modes = typeof named === "string" ? [named] : named;
  const pooling = POOLINGS.find((known) => modes.length === 1 && modes[0] === known);
  if (pooling === undefined)
    throw new SentenceEncoderUnusable(
      folder,
      `it pools by ${modes.join(" and ")}; one of ${POOLINGS.join(", ")} is computed here`,
    );
  return pooling;
}

/** Resolves a module's folder, which must be inside the encoder's. */
function resolveInside(root: string, path: string): string {
  const folder = resolve(root, path);
  if (folder !== resolve(root) && !folder.startsWith(resolve(root) + sep))
    throw new SentenceEncoderUnusable(root, `modules.json names a folder outside of it: ${path}`);
  return folder;
}

/** @throws SentenceEncoderUnusable */
export async function requireJson<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const found = await readJson(folder, name, schema);
  if (found === null) throw new SentenceEncoderUnusable(folder, `${name} is missing`);
  return found;
}

/** @returns null if there is no such file */
function readJson<Schema extends z.ZodType>(
  folder: string,
  name: string,
  schema: Schema,
): Promise<z.output<Schema> | null> {
  return readFolderJson(folder, name, schema, (why, cause) => new SentenceEncoderUnusable(folder, why, cause));
}
