import { z } from "zod";
import { configure, ModelOptions, Recipe, TrainingOptions } from "../config";
import type { CommonFlags } from "./context";
import type { EngineFlags } from "./engine-flags";
import { Path, PlainName } from "./fields";
import { RunSettings } from "./run-files";

/** The only model setting with a flag of its own: input widths follow from the embeddings. */
export const WidthSettings = ModelOptions.pick({ hiddenDim: true }).meta({ title: "Model" });

/** The settings of a training, and the recipe that they start from. */
export const TrainingSettings = TrainingOptions.extend({
  recipe: Recipe.optional().meta({
    description:
      "settings to start from, of which any flag takes precedence; default: small with fewer than 50,000 training pairs, else guide",
  }),
}).meta({ title: "Training" });

/** Which run is trained, and its checkpoints. */
export const RunFolderSettings = RunSettings.extend({
  resume: Path.optional().meta({ placeholder: "checkpoint", description: "`latest`, or a checkpoint's folder" }),
  overwrite: z.boolean().default(false).meta({
    description: "remove what an earlier run of this name left, and start from the beginning",
  }),
  checkpointMinutes: z.number().min(0.1).max(10_080).default(5).meta({
    unit: "minutes",
    description: "time between two rolling checkpoints",
  }),
  checkpointSteps: z.number().int().min(1).max(100_000_000).optional().meta({
    unit: "steps",
    description: "a rolling checkpoint also after this many steps",
  }),
}).meta({ title: "Run" });

/** Flags of phases 2 and 3. */
export const FineTuneSettings = z
  .strictObject({
    phase: z
      .enum(["1", "2", "3"])
      .default("1")
      .meta({ description: "the guide's: 1 trains on fixed embeddings, 2 and 3 fine-tune CLIP's last blocks too" }),
    tower: Path.optional().meta({
      placeholder: "folder",
      description: "CLIP vision tower that the home was embedded with (`embed --image FOLDER`), for phases 2 and 3",
    }),
    fineTuneBlocks: ModelOptions.shape.fineTuneBlocks.unwrap().optional().meta({
      unit: "blocks",
      description: "last CLIP blocks to fine-tune, or all of CLIP (default: 4 in phase 2, 12 in phase 3)",
    }),
    loraRank: ModelOptions.shape.loraRank,
    loraAlpha: ModelOptions.shape.loraAlpha,
    heads: PlainName.optional().meta({
      placeholder: "run",
      description: "phase 1 run whose heads to begin with (default: RUN-heads, which is trained first)",
    }),
    microBatch: z.number().int().min(1).max(65_536).optional().meta({
      unit: "pictures",
      description: "pictures at a time within a step, for less memory; their blocks are then computed twice",
    }),
  })
  .meta({ title: "Fine-tuning" });

/** All flags of `train` but the training's own settings. */
export type TrainFlags = CommonFlags &
  EngineFlags &
  z.output<typeof WidthSettings> &
  z.output<typeof RunFolderSettings> &
  z.output<typeof FineTuneSettings>;

/** What `train` uses if no flag is given. */
export function trainDefaults(): Omit<TrainFlags, "dataDir" | "json"> {
  return {
    ...configure(WidthSettings, {}),
    ...configure(RunFolderSettings, {}),
    ...configure(FineTuneSettings, {}),
  };
}
