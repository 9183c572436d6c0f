import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder, sharedFolder } from "../files";

/**
 * Makes an empty PGlite database in a folder. The first one of a user is kept in the cache folder, by PGlite's version, and
 * copied for every other: a copy takes a tenth of the time and of the memory.
 * @param folder not there yet
 * @param cache where the one to be copied is kept
 * @throws Error in the words of PGlite or the file system, such as ENOSPC; what was written until then stays in the folder
 */
export async function makeEmptyDatabase(folder: string, cache = join(sharedFolder(), "pglite")): Promise<void> {
  const kept = join(cache, await pgliteVersion());
  // Where the cache cannot be written there is nothing to copy; whatever else went wrong will go wrong again.
  const isKept = await keepDatabase(kept).catch(() => false);
  if (isKept) await cp(kept, folder, { recursive: true });
  else await initialise(folder);
}

async function pgliteVersion(): Promise<string> {
  const manifest = join(dirname(require.resolve(PGLITE)), "..", "package.json");
  return (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;
}

/** Makes the database that is copied, unless it is there: aside, synced, renamed when it is whole. */
async function keepDatabase(kept: string): Promise<boolean> {
  if (await isThere(kept)) return true;
  await makeFolder(dirname(kept));
  try {
    const aside = await mkdtemp(`${kept}.new-`);
    await initialise(aside);
    await syncFiles(aside);
    await rename(aside, kept);
  } catch (thrown) {
    // Another process may have been quicker, and have removed ours.
    if (!(await isThere(kept))) throw thrown;
  }
  await removeUnfinished(kept);
  return true;
}

async function removeUnfinished(kept: string): Promise<void> {
  for (const name of await readdir(dirname(kept))) {
    if (!name.startsWith(`${basename(kept)}.new-`)) continue;
    await rm(join(dirname(kept), name), { recursive: true, force: true, maxRetries: 10 });
  }
}

/** PGlite writes without syncing, and a power cut must not leave us a damaged one to copy. */
async function syncFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name));
    await file.sync().finally(() => file.close());
  }
}

async function isThere(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.includes("PG_VERSION"),
    () => false,
  );
}

const PGLITE = "@electric-sql/pglite";

/** Emscripten's file system throws numbers without words: those of a full disk and a full quota. */
const INITIALISE = `
process.on("unhandledRejection", (thrown) => {
  if (thrown?.errno === 51 || thrown?.errno === 19) throw new Error("ENOSPC: no space left on device");
  throw thrown;
});
process.stdin.once("end", () => process.exit(1)).resume();
const [, pglite, folder] = process.argv;
require(pglite).PGlite.create({ dataDir: folder }).then((database) => database.close()).then(() => process.exit(0));
`;

/**
 * Lets PGlite begin a database. That takes 800 MB for a moment, which only the end of a process returns: not of this
 * one.
 */
async function initialise(folder: string): Promise<void> {
  const parameters = ["-e", INITIALISE, require.resolve(PGLITE), folder];
  const child = execFile(process.execPath, parameters, { env: { ...process.env, NODE_OPTIONS: "" } });
  let said = "";
  child.stderr?.on("data", (text: string) => {
    said += text;
  });
  const [code]: unknown[] = await once(child, "close");
  if (code !== 0)
    throw new Error(
      said
        .trim()
        .split("\n")
        .find((line) => /Error/.test(line)) ?? `it ended with ${code}`,
    );
}
