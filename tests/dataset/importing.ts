import { join } from "node:path";
import { importTable } from "../../lib/dataset";
import { openStore } from "../../lib/store";
import { NOW } from "./now";

/** A process that imports `videos.csv` of the folder it is given into a store there, and prints each progress. */
async function main(folder: string): Promise<void> {
  const paths = { store: join(folder, "store"), thumbnails: join(folder, "stored") };
  const store = await openStore({ paths });
  const file = join(folder, "videos.csv");
  const thumbnails = join(folder, "thumbnails");
  for await (const { done } of importTable({ file, thumbnails, store, paths, now: NOW }))
    process.stdout.write(`${done}\n`);
  await store.close();
}

void main(process.argv[2] as string);
