import { writeFolder } from "../files";
import { isAtEpoch, Trainer } from "../training";
import { readCheckpoint } from "./checkpoint";
import { filesOf } from "./checkpoint/write";
import { CheckpointEpochMismatch } from "./errors";

/** The guide's pipeline: a trainer that also writes checkpoints and goes on from them. */
export class TrainingPipeline extends Trainer {
  /**
   * Writes the state to a folder of this name, whole or not at all.
   * @param path such as `checkpoints/model_epoch_100`; an ending `.pt`, as in the guide, is left off
   * @param epoch epochs done, or the last one done, as a check
   */
  async saveCheckpoint(path: string, epoch: number): Promise<void> {
    const { epoch: done, step } = this.position;
    if (!isAtEpoch(epoch, done)) throw new CheckpointEpochMismatch(epoch, done, step);
    await writeFolder(path.replace(/\.pt$/, ""), filesOf(await this.state()));
  }

  /**
   * Goes on from a checkpoint.
   * @param path its folder; an ending `.pt` is left off
   * @throws CheckpointMissing, CheckpointDamaged, CheckpointMismatch
   */
  async loadCheckpoint(path: string): Promise<void> {
    this.restore((await readCheckpoint(path)).state);
  }
}
