// Reads the store of the project of argument 1 with the key of argument 2, and does not close it.
import { openStore } from "../../../lib/store";

async function read(url: string, key: string): Promise<void> {
  const store = await openStore({ paths: { store: "" }, supabase: { url, key } });
  process.stdout.write(`${await store.count()}\n`);
}

read(process.argv[2] ?? "", process.argv[3] ?? "").catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
