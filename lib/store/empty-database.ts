import { execFile } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { makeFolder, sharedFolder } from "../files";

/**
 * Creates an empty PGlite database in a folder. A user's first one is kept in the cache folder, by PGlite version, and
 * copied from then on: a copy takes a tenth of the time and memory.
 * @param folder must not exist yet
 * @param cache folder that holds the database to copy
 * @throws Error with the message of PGlite or the file system, such as ENOSPC; files written so far stay in the folder
 */
export async function makeEmptyDatabase(folder: string, cache = join(sharedFolder(), "pglite")): Promise<void> {
  if (!(await copyKept(join(cache, await pgliteVersion()), folder, initialise))) await initialise(folder);
}

/**
 * Copies a database that is kept, and builds it first unless it is.
 * @param build fills the folder that it is given, which is empty or missing
 * @returns whether it was copied; false if it cannot be kept
 */
export async function copyKept(
  kept: string,
  folder: string,
  build: (folder: string) => Promise<void>,
): Promise<boolean> {
  // If the cache cannot be written there is nothing to copy; the caller meets any other failure again.
  const isKept = await keepDatabase(kept, build).catch(() => false);
  if (isKept) await cp(kept, folder, { recursive: true });
  return isKept;
}

/** The version of the PGlite that is installed. */
export async function pgliteVersion(): Promise<string> {
  const manifest = join(dirname(require.resolve(PGLITE)), "..", "package.json");
  return (JSON.parse(await readFile(manifest, "utf8")) as { version: string }).version;
}

/** Creates the database to copy, unless it exists. It is built in a temporary folder, synced, and then renamed. */
async function keepDatabase(kept: string, build: (folder: string) => Promise<void>): Promise<boolean> {
  if (await isThere(kept)) return true;
  await makeFolder(dirname(kept));
  try {
    const aside = await mkdtemp(`${kept}.new-`);
    await build(aside);
    await syncFiles(aside);
    await rename(aside, kept);
  } catch (thrown) {
    // Another process may have been faster and removed ours.
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

/** PGlite writes without syncing, and a power cut must not leave a damaged database to copy. */
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

/** Emscripten's file system throws bare error numbers: 51 for a full disk, 19 for an exceeded disk quota. */
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
 * Has PGlite create a database in a child process: it briefly takes 800 MB, which is freed only when the process exits.
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
