import { CheckpointMismatch, type Difference } from "./errors";

/** Settings a resumed run may change, since no step done so far depended on them. */
const FREE = ["training.epochs"];

/**
 * Compares a checkpoint's settings with those of the run that resumes it. `training.epochs` may differ: more epochs
 * only continue the same steps.
 * @param checkpoint what the checkpoint keeps, such as `{ ...config, dataHash }`
 * @param current the same of the present run
 * @throws CheckpointMismatch with every difference
 */
export function compareConfig(checkpoint: unknown, current: unknown, free: readonly string[] = FREE): void {
  const differences = differencesOf(checkpoint, current).filter(({ setting }) => !free.includes(setting));
  if (differences.length > 0) throw new CheckpointMismatch(differences);
}

/** Leaves in which two nested records differ, by dotted path and in the order of names. */
export function differencesOf(checkpoint: unknown, current: unknown): Difference[] {
  const was = leavesOf(checkpoint);
  const is = leavesOf(current);
  const settings = [...new Set([...was.keys(), ...is.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return settings
    .filter((setting) => JSON.stringify(was.get(setting)) !== JSON.stringify(is.get(setting)))
    .map((setting) => ({ setting, checkpoint: was.get(setting), current: is.get(setting) }));
}

function leavesOf(value: unknown, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [...leavesOf(inner, path === "" ? name : `${path}.${name}`)]),
  );
}
