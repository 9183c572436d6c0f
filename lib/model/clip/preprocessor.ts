import { z } from "zod";

/** What becomes of a picture before a vision tower sees it. */
export interface VisionInput {
  /** In pixels. */
  width: number;
  height: number;
  /** "crop": the shorter side is resized and the middle kept; "stretch": both sides are resized to the input's. */
  fit: "crop" | "stretch";
  /** Subtracted from red, green and blue (0-1). */
  means: readonly number[];
  /** What the differences are divided by. */
  deviations: readonly number[];
}

/** OpenAI's means of red, green and blue, 0-1. */
export const CLIP_MEANS = [0.48145466, 0.4578275, 0.40821073] as const;
export const CLIP_DEVIATIONS = [0.26862954, 0.26130258, 0.27577711] as const;

const BICUBIC = 3;
const side = z.number().int().min(1).max(4096);
const Sides = z.object({ height: side, width: side });
const Colours = z.array(z.number()).length(3);

/** `preprocessor_config.json` as a CLIPImageProcessor reads it, also with the plain numbers of its first version. */
export const PreprocessorFile = z
  .object({
    size: z.union([side.transform((edge) => ({ shortest_edge: edge })), Sides, z.object({ shortest_edge: side })]),
    crop_size: z.union([side.transform((edge) => ({ height: edge, width: edge })), Sides]).optional(),
    do_center_crop: z.boolean().default(true),
    do_resize: z.literal(true).default(true),
    do_normalize: z.literal(true).default(true),
    do_rescale: z.literal(true).default(true),
    resample: z.literal(BICUBIC).default(BICUBIC),
    image_mean: Colours.default([...CLIP_MEANS]),
    image_std: Colours.default([...CLIP_DEVIATIONS]),
  })
  .transform((file, context): VisionInput => {
    const { size, do_center_crop: crops } = file;
    const colours = { means: file.image_mean, deviations: file.image_std };
    if ("height" in size && (!crops || file.crop_size === undefined || sameSides(size, file.crop_size)))
      return { width: size.width, height: size.height, fit: "stretch", ...colours };
    const edge = "shortest_edge" in size ? size.shortest_edge : 0;
    const cut = file.crop_size ?? { width: edge, height: edge };
    if (crops && cut.width === edge && cut.height === edge)
      return { width: edge, height: edge, fit: "crop", ...colours };
    context.addIssue({ code: "custom", message: "must be both sides without a crop, or the side of a centre crop" });
    return z.NEVER;
  });

const sameSides = (one: z.infer<typeof Sides>, other: z.infer<typeof Sides>) =>
  one.height === other.height && one.width === other.width;

/** The `preprocessor_config.json` of an input, for Python's CLIPImageProcessor. */
export function preprocessorFile({ width, height, fit, means, deviations }: VisionInput): object {
  return {
    image_processor_type: "CLIPImageProcessor",
    do_convert_rgb: true,
    do_resize: true,
    size: fit === "crop" ? { shortest_edge: height } : { height, width },
    resample: BICUBIC,
    do_center_crop: fit === "crop",
    crop_size: { height, width },
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: means,
    image_std: deviations,
  };
}
