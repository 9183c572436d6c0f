// Purges the home of argument 1 of what was read before argument 2; says each progress.

import { resolvePaths } from "../../../lib/config";
import { forgetVectors } from "../../../lib/embedding";
import { openStore } from "../../../lib/store";
import { purge } from "../../../lib/youtube";

async function main([home = "", before = ""]: string[]): Promise<void> {
  const paths = resolvePaths(home);
  const store = await openStore({ paths });
  const forget = (ids: ReadonlySet<string>) => forgetVectors(paths, ids);
  for await (const { done } of purge({ store, paths, before: new Date(before), forgetVectors: forget }))
    process.stdout.write(`${done}\n`);
  await store.close();
}

void main(process.argv.slice(2));
