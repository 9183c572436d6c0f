// Opens the store in the folder of argument 1, says "open", and holds it until stdin ends or it is killed.
import { openStore } from "../../../lib/store";

async function hold(folder: string): Promise<void> {
  const store = await openStore({ paths: { store: folder } });
  process.stdout.write("open\n");
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once("end", resolve));
  await store.close();
}

hold(process.argv[2] ?? "").catch((error: unknown) => {
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
});
