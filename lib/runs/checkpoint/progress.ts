import { z } from "zod";
import { StoredOptions } from "../../config";
import type { EpochRecord, TrainingProgress } from "../../training";
import { EngineFacts, forEachLoss } from "../../training";

const Count = z.number().int().nonnegative();
const Hash = z.string().max(128);
/** A loss term that did not exist when a checkpoint was made contributed nothing. */
const lossFields = forEachLoss(() => z.number().default(0));

/** The schema of an epoch's record. */
export const Epoch: z.ZodType<EpochRecord> = z.strictObject({
  kind: z.literal("epoch"),
  epoch: Count,
  ...lossFields,
  total: z.number(),
  valAuc: z.number().nullable(),
  /** Missing in older checkpoints. */
  valAucByChannel: z.number().nullable().default(null),
  valCorr: z.number().nullable(),
  trainAuc: z.number().nullable(),
  gradNorm: z.number(),
  learningRate: z.number(),
  steps: Count,
  pairs: Count,
  swaCount: Count,
  msPerStep: z.number(),
  pairsPerSecond: z.number(),
});

/** The schema of `state.json`. JSON has no NaN or infinity, so a diverged run makes no checkpoint. */
const Progress: z.ZodType<TrainingProgress> = z.strictObject({
  epoch: Count,
  step: Count,
  globalStep: Count,
  seed: Count,
  orderHash: Hash,
  dataHash: Hash,
  config: StoredOptions,
  engine: EngineFacts.optional(),
  swaCount: Count,
  sums: z.strictObject({
    ...lossFields,
    gradNorm: z.number(),
    pairs: Count,
    steps: Count,
    milliseconds: z.number(),
  }),
  history: z.array(Epoch),
});

/** @throws Error naming the first invalid field */
export function parseProgress(text: string): TrainingProgress {
  return check(JSON.parse(text));
}

/** @throws Error for values that JSON cannot hold, such as a loss that is NaN */
export function showProgress(progress: TrainingProgress): string {
  return `${JSON.stringify(check(progress), null, 2)}\n`;
}

function check(value: unknown): TrainingProgress {
  const parsed = Progress.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`the training state's ${issue?.path.join(".") || "record"} is wrong: ${issue?.message}`);
}
