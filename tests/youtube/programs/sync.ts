// Syncs the CTR reports of the home of argument 1; says each progress.
import { resolvePaths } from "../../../lib/config";
import { openStore } from "../../../lib/store";
import { openReporting, syncCtr } from "../../../lib/youtube";

async function main([home = ""]: string[]): Promise<void> {
  const paths = resolvePaths(home);
  const api = await openReporting({ sleep: async () => {} });
  const store = await openStore({ paths });
  for await (const { done } of syncCtr({ api, store, paths, minImpressions: 100 })) process.stdout.write(`${done}\n`);
  await store.close();
}

void main(process.argv.slice(2));
