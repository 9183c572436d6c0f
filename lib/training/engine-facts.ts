import { z } from "zod";
import type { Engine } from "../engine";
import { differencesOf } from "./compare-config";

/** The schema of `EngineFacts`. */
export const EngineFacts = z.strictObject({
  name: z.string(),
  version: z.string(),
  device: z.string(),
  intraOpThreads: z.number().int().positive().optional(),
  interOpThreads: z.number().int().positive().optional(),
  precision: z.string().optional(),
  xla: z.boolean().optional(),
});
/** What computes a training, as far as its results may depend on it. */
export type EngineFacts = z.infer<typeof EngineFacts>;

export function factsOf({ name, version, device, settings }: Engine): EngineFacts {
  return { name, version, device, ...settings };
}

/**
 * What is no longer as it was when a checkpoint was made, such as "interOpThreads was 2, is 4"; null where all is.
 * @param before unknown in older checkpoints
 */
export function changeOf(before: EngineFacts | undefined, now: EngineFacts): string | null {
  const changes = differencesOf(before ?? now, now).map((each) => {
    return `${each.setting} was ${each.checkpoint ?? "none"}, is ${each.current ?? "none"}`;
  });
  return changes.length === 0 ? null : changes.join(", ");
}
