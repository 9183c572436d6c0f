// Upserts a world (argument 2 is its seed) into the store in the folder of argument 1 in small calls, and says after
// each how many videos are stored for certain.
import { openStore } from "../../../lib/store";
import { worldOf } from "../world";

const CALL_SIZE = 7;

async function importWorld(folder: string, seed: number): Promise<void> {
  const store = await openStore({ paths: { store: folder } });
  const world = worldOf(seed, 40, 20);
  for (let done = 0; done < world.length; done += CALL_SIZE) {
    await store.upsertVideos(world.slice(done, done + CALL_SIZE));
    process.stdout.write(`${Math.min(done + CALL_SIZE, world.length)}\n`);
  }
  await store.close();
}

importWorld(process.argv[2] ?? "", Number(process.argv[3])).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
