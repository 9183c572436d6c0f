import { z } from "zod";
import { PairOptions, QualityOptions, SplitOptions } from "./data";
import { storedForm } from "./setting";

const MOST_EPOCHS = 100_000;

export const Seed = z.number().int().min(0).default(0).meta({
  description: "fixes every random choice: the same seed gives the same result",
});

/** The model (guide, "Model Architecture Details"). */
export const ModelOptions = z
  .strictObject({
    clipDim: z
      .number()
      .int()
      .min(1)
      .max(16_384)
      .default(768)
      .meta({ description: "dimensions of the image embedding" }),
    textDim: z
      .number()
      .int()
      .min(1)
      .max(16_384)
      .default(384)
      .meta({ description: "dimensions of the title embedding" }),
    freezeClip: z.boolean().default(true).meta({
      description: "train on fixed embeddings (phase 1)",
      off: "do not keep CLIP fixed",
    }),
    fineTuneBlocks: z
      .union([z.number().int().min(0).max(200), z.literal("all")])
      .default(0)
      .meta({
        unit: "blocks",
        description:
          "last CLIP blocks to fine-tune (phases 2 and 3), with the post-norm and the projection; all: the whole vision tower",
      }),
    loraRank: z.number().int().min(0).max(1024).default(0).meta({
      description:
        "rank of LoRA adapters on the queries and values of the blocks, trained in their place; 0: no adapters",
    }),
    loraAlpha: z.number().positive().max(10_000).default(16).meta({
      description: "scale of LoRA adapters: they change a layer by alpha / rank",
    }),
    hiddenDim: z.number().int().min(4).max(8192).multipleOf(4).default(512).meta({
      description: "width of the shared features",
    }),
  })
  .meta({ title: "Model" });
export type ModelOptions = z.infer<typeof ModelOptions>;

/** Names of recipes: sets of settings to start from. */
export const Recipe = z.enum(["guide", "small"]);
export type Recipe = z.infer<typeof Recipe>;

/** Weight of one loss in the sum of all. The guide names none, so they are equal. */
const lossWeight = (loss: string) =>
  z
    .number()
    .min(0)
    .max(1000)
    .default(1)
    .meta({
      description: `weight of the ${loss} in the sum of the losses; 0 leaves it out`,
    });

/** Training (guide, "Training Configuration"). */
export const TrainingOptions = z
  .strictObject({
    recipe: Recipe.default("guide").meta({
      description: "the settings that these started from: the guide's, or those for few pairs",
    }),
    epochs: z.number().int().min(1).max(MOST_EPOCHS).default(200).meta({
      unit: "epochs",
      description: "passes over the training pairs",
    }),
    folds: z.number().int().min(2).max(50).nullable().default(null).meta({
      unit: "folds",
      description:
        "choose the number of epochs, up to that of --epochs, by cross-validation over the training channels, then train on all of them",
    }),
    batchSize: z.number().int().min(1).max(65_536).default(16).meta({ unit: "pairs", description: "pairs in a step" }),
    learningRate: z.number().positive().max(100).default(2e-5).meta({
      flag: "lr",
      description: "learning rate of AdamW",
    }),
    weightDecay: z.number().min(0).max(100).default(0.01).meta({ description: "decoupled weight decay" }),
    clipLearningRate: z.number().positive().max(1).default(2e-6).meta({
      flag: "clip-lr",
      description: "learning rate of the top of CLIP's vision tower where it is trained (phases 2 and 3)",
    }),
    clipWarmupSteps: z.number().int().min(0).max(10_000_000).default(500).meta({
      unit: "steps",
      description: "steps over which CLIP's learning rate rises from 0; it stays constant afterwards",
    }),
    clipLayerDecay: z.number().positive().max(1).default(0.7).meta({
      description: "factor of CLIP's learning rate from each layer to the one below it",
    }),
    loraLearningRate: z.number().positive().max(1).default(1e-4).meta({
      flag: "lora-lr",
      description: "learning rate of LoRA adapters",
    }),
    marginRanking: z.number().min(0).max(1000).default(0.1).meta({ description: "margin of the ranking loss" }),
    pairLossWeight: lossWeight("pairwise ranking loss"),
    ctrLossWeight: lossWeight("CTR head's loss"),
    auxiliaryLossWeight: lossWeight("sub-scores' loss"),
    labelSmoothing: z.number().min(0).max(1).default(0.15).meta({ description: "label smoothing of the CTR targets" }),
    mixupAlpha: z.number().min(0).max(1000).default(0.3).meta({
      description: "both parameters of the Beta distribution of mixup; 0 turns it off",
    }),
    maxGradientNorm: z.number().positive().max(1e12).default(1).meta({
      description: "global gradient norm above which gradients are scaled down",
    }),
    useSwa: z.boolean().default(true).meta({
      description: "average the weights (SWA) of the last epochs",
      off: "do not average weights (SWA): the last epoch's weights are the result",
    }),
    swaStart: z.number().int().min(0).max(MOST_EPOCHS).default(150).meta({
      unit: "epochs",
      description: "first epoch whose weights at its end are averaged, counted from 0",
    }),
    dropoutScale: z.number().min(0).max(2).default(1).meta({
      description: "multiplies every dropout rate of the guide's architecture; 0 turns dropout off",
    }),
    auxiliary: z.enum(["ctr", "signals"]).default("ctr").meta({
      description: "targets of the sub-scores: the CTR target, or blended with what is measured in the picture",
    }),
    ctrTarget: z.enum(["neighbours", "channel"]).default("neighbours").meta({
      earlier: "channel",
      description:
        "target of the CTR head without a true CTR: percentile of the residual among the videos published around it, or of the proxy within the whole channel, which mostly follows time",
    }),
    pairWeights: z.enum(["equal", "channel", "sqrt"]).default("equal").meta({
      description:
        "weight of a pair in the loss: the same for all, 1 / (pairs of its channel), or one over the square root of that number",
    }),
    featureStorage: z.enum(["float32", "float16"]).default("float32").meta({
      description: "how the embeddings are kept in memory; float16 rounds them and takes half of it",
    }),
    seed: Seed,
  })
  .meta({ title: "Training" });
export type TrainingOptions = z.infer<typeof TrainingOptions>;

/** The options of a model and its training, as stored in checkpoints and exports. */
export const StoredOptions = z.strictObject({
  model: storedForm(ModelOptions),
  training: storedForm(TrainingOptions),
});

/**
 * Settings for pairing and training on the sample world: the guide's, except for fewer epochs (on such a small world
 * validation AUC peaks after about ten), a cap on pairs, pairs by the residual, since its channels grow, and sub-score
 * targets that include picture measurements.
 */
export const SAMPLE_SETTINGS = {
  pairs: { proxy: "residual", maxPairsPerChannel: 300 },
  training: { epochs: 12, swaStart: 6, auxiliary: "signals" },
} as const;

/** All options of a run, which a checkpoint stores as its configuration. */
export const Config = z.strictObject({
  quality: QualityOptions.prefault({}),
  pairs: PairOptions.prefault({}),
  splits: SplitOptions.prefault({}),
  model: ModelOptions.prefault({}),
  training: TrainingOptions.prefault({}),
});
export type Config = z.infer<typeof Config>;
