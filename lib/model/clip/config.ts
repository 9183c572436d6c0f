import { z } from "zod";

/** The shape of a CLIP vision tower; any size of CLIP is described by these. */
export interface VisionConfig {
  /** Side in pixels of the square that the tower was made for; its position embeddings form a square grid. */
  imageSize: number;
  /** Side of a patch, in pixels. */
  patchSize: number;
  width: number;
  blocks: number;
  heads: number;
  /** Width of the middle layer of a block's two linear layers. */
  inner: number;
  /** Width of the image embedding. */
  projection: number;
  activation: "quick_gelu" | "gelu";
  /** Of layer normalisation. */
  epsilon: number;
}

/** How the patches of an input lie; a sequence has `rows * columns + 1` tokens, the class token first. */
export interface PatchGrid {
  rows: number;
  columns: number;
}

const count = (most: number) => z.number().int().min(1).max(most);

/** The supported part of a CLIPVisionConfig; what a file leaves out has the defaults of `transformers`. */
const VisionPart = z
  .object({
    hidden_size: count(16_384).default(768),
    intermediate_size: count(131_072).default(3072),
    projection_dim: count(16_384).default(512),
    num_hidden_layers: count(200).default(12),
    num_attention_heads: count(512).default(12),
    num_channels: z.literal(3).default(3),
    image_size: count(4096).default(224),
    patch_size: count(512).default(32),
    hidden_act: z.enum(["quick_gelu", "gelu"]).default("quick_gelu"),
    layer_norm_eps: z.number().positive().max(1).default(1e-5),
  })
  .refine((one) => one.hidden_size % one.num_attention_heads === 0, {
    path: ["num_attention_heads"],
    message: "must divide hidden_size",
  })
  .refine((one) => one.image_size % one.patch_size === 0, {
    path: ["patch_size"],
    message: "must divide image_size",
  })
  .transform(
    (one): VisionConfig => ({
      imageSize: one.image_size,
      patchSize: one.patch_size,
      width: one.hidden_size,
      blocks: one.num_hidden_layers,
      heads: one.num_attention_heads,
      inner: one.intermediate_size,
      projection: one.projection_dim,
      activation: one.hidden_act,
      epsilon: one.layer_norm_eps,
    }),
  );

/** `config.json` of a CLIPVisionModelWithProjection, or of a whole CLIPModel with its text tower. */
export const VisionConfigFile = z
  .discriminatedUnion("model_type", [
    z.looseObject({ model_type: z.literal("clip_vision_model") }),
    z.looseObject({
      model_type: z.literal("clip"),
      projection_dim: z.number().default(512),
      vision_config: z.looseObject({}).default({}),
    }),
  ])
  .transform((file) => {
    const part = file.model_type === "clip" ? { ...file.vision_config, projection_dim: file.projection_dim } : file;
    return part as z.input<typeof VisionPart>;
  })
  .pipe(VisionPart);

/** The `config.json` from which `transformers` makes a CLIPVisionModelWithProjection. */
export function visionConfigFile(config: VisionConfig): object {
  return {
    architectures: ["CLIPVisionModelWithProjection"],
    model_type: "clip_vision_model",
    dtype: "float32",
    hidden_size: config.width,
    intermediate_size: config.inner,
    projection_dim: config.projection,
    num_hidden_layers: config.blocks,
    num_attention_heads: config.heads,
    num_channels: 3,
    image_size: config.imageSize,
    patch_size: config.patchSize,
    hidden_act: config.activation,
    layer_norm_eps: config.epsilon,
  };
}

/** The square grid that a tower was made for. */
export function ownGrid({ imageSize, patchSize }: VisionConfig): PatchGrid {
  const side = imageSize / patchSize;
  return { rows: side, columns: side };
}

/** Number of tokens of one picture. */
export function tokenCount({ rows, columns }: PatchGrid): number {
  return rows * columns + 1;
}
