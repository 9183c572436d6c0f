/** Saves one checkpoint after the other until it is killed; says each step once its checkpoint is written. */
import { writeSync } from "node:fs";
import { latestCheckpoint } from "../../../lib/runs/checkpoint/read";
import { writeCheckpoint } from "../../../lib/runs/checkpoint/write";
import { stateAt } from "../checkpoint-state";

async function loop(runFolder: string, size: number): Promise<void> {
  const { checkpoint } = await latestCheckpoint(runFolder);
  for (let step = (checkpoint?.state.progress.globalStep ?? 0) + 1; ; step++) {
    await writeCheckpoint(runFolder, stateAt(step, size), step % 10 === 0 ? "kept" : "rolling");
    writeSync(1, `${step}\n`);
  }
}

loop(process.argv[2] as string, Number(process.argv[3])).catch((error: unknown) => {
  writeSync(2, String(error));
  process.exit(1);
});
