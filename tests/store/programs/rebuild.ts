// Rebuilds the pairs of the store in the folder of argument 1 with seeds 1, 2, 1, 2, ... and says each that is done.
import { openStore } from "../../../lib/store";
import { buildOptions } from "../options";

async function rebuild(folder: string): Promise<void> {
  const store = await openStore({ paths: { store: folder } });
  for (let seed = 1; ; seed = 3 - seed) {
    await store.buildPairs(buildOptions({ seed }));
    process.stdout.write(`${seed}\n`);
  }
}

rebuild(process.argv[2] ?? "").catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
