// Refreshes the home of argument 1: what was read before argument 2, read now, which argument 3 says; says each progress.
import { join } from "node:path";
import { openStore } from "../../../lib/store";
import { refresh } from "../../../lib/youtube";

async function main([home = "", before = "", at = ""]: string[]): Promise<void> {
  const store = await openStore({ paths: { store: join(home, "data", "store") } });
  const options = { store, before: new Date(before), now: () => new Date(at), concurrency: 2 };
  for await (const { done } of refresh(options)) process.stdout.write(`${done}\n`);
  await store.close();
}

void main(process.argv.slice(2));
