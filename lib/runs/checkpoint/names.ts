/** `kept`: one every 50 epochs and the last, never removed; `rolling`: the newest few, for a run that is killed. */
export type CheckpointKind = "kept" | "rolling";

const PREFIX = { kept: "model", rolling: "rolling" };
const NAME = /^(model|rolling)_epoch_(\d+)_step_(\d+)$/;

/** What a checkpoint's folder name says. */
export interface CheckpointName {
  name: string;
  kind: CheckpointKind;
  epoch: number;
  globalStep: number;
}

/** The guide's `model_epoch_100`, with the step behind it: `model_epoch_100_step_5000`, `rolling_epoch_100_step_5010`. */
export function checkpointName(kind: CheckpointKind, epoch: number, globalStep: number): string {
  return `${PREFIX[kind]}_epoch_${epoch}_step_${globalStep}`;
}

/** Checkpoints among names, the newest by step first. */
export function checkpointsAmong(names: string[]): CheckpointName[] {
  return names.flatMap(parse).sort((a, b) => b.globalStep - a.globalStep || (a.kind === "kept" ? -1 : 1));
}

function parse(name: string): CheckpointName[] {
  const [, prefix, epoch, step] = NAME.exec(name) ?? [];
  if (prefix === undefined) return [];
  return [{ name, kind: prefix === "model" ? "kept" : "rolling", epoch: Number(epoch), globalStep: Number(step) }];
}
