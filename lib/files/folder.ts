import { copyFile, lstat, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode, messageOf } from "../base";
import { MANIFEST, Manifest, makeManifest, sha256 } from "./manifest";
import { readPlain } from "./plain";
import { isPlainName, makeFolder, writeSynced } from "./write";

const TEMPORARY = /^\.tmp-(\d+)-/;
let temporaryCount = 0;
/** Folders that this process is writing now; leftovers of an earlier process with the same pid are not among them. */
const writing = new Set<string>();

/** A folder is incomplete or damaged; the message gives the reason. */
export class FolderBroken extends Error {}

/**
 * Writes a folder of files atomically: writes and syncs each file in a temporary folder, the manifest last, then
 * renames the folder into place. An existing folder is replaced, unless it already holds the same bytes.
 * @param files bytes by plain file name, or by `subfolder/name`
 * @param staging where the temporary folder is made, on the same file system: the target's parent unless given
 * @param subfolder a folder that is copied into it under its own name; the manifest does not have its files
 * @throws what the file system throws, with nothing left behind
 */
export async function writeFolder(
  target: string,
  files: Record<string, Uint8Array>,
  { staging = dirname(target), subfolder }: { staging?: string; subfolder?: string | undefined } = {},
): Promise<void> {
  const parent = dirname(target);
  await makeFolder(parent);
  const temporary = await makeTemporaryFolder(staging);
  try {
    if (subfolder !== undefined) await copySynced(subfolder, join(temporary, basename(subfolder)));
    await fill(temporary, files);
    await replaceFolder(target, temporary);
    await syncFolder(parent);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    writing.delete(temporary);
  }
}

/**
 * Reads a folder's files and checks each against the manifest.
 * @returns bytes by file name
 * @throws FolderBroken with the reason
 */
export async function readFolder(path: string): Promise<Record<string, Uint8Array>> {
  const manifest = await readManifest(path);
  const files: Record<string, Uint8Array> = {};
  for (const { name, sizeBytes, sha256: expected } of manifest.files) {
    const file = join(path, name);
    if (name.includes("/") && !(await attempt(() => lstat(dirname(file)), `${name} cannot be read`)).isDirectory())
      throw new FolderBroken(`${dirname(name)} is not a plain folder`);
    // Check the size first, so that an oversized file is not read at all.
    const found = await attempt(() => lstat(file), `${name} cannot be read`);
    if (!found.isFile()) throw new FolderBroken(`${name} is not a plain file`);
    if (found.size !== sizeBytes) throw new FolderBroken(`${name} has ${found.size} bytes instead of ${sizeBytes}`);
    const bytes = await attempt(() => readPlain(file), `${name} cannot be read`);
    if (sha256(bytes) !== expected) throw new FolderBroken(`the SHA-256 of ${name} is not the manifest's`);
    files[name] = bytes;
  }
  return files;
}

/** Removes temporary folders left behind by processes that have ended. */
export async function removeStale(parent: string): Promise<void> {
  for (const name of await namesIn(parent)) {
    const writer = TEMPORARY.exec(name)?.[1];
    if (writer === undefined || writing.has(join(parent, name))) continue;
    if (Number(writer) === process.pid || !isAlive(Number(writer)))
      await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** Names in a folder; empty if the folder does not exist. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return [];
    throw error;
  }
}

/** Whether there is a file or folder at a path. */
export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Size of a file; 0 if it does not exist. */
export async function fileSizeBytes(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** The subfolders with plain names, sorted; links to folders count. Empty if the folder does not exist. */
export async function foldersIn(folder: string): Promise<string[]> {
  const names = (await namesIn(folder)).filter(isPlainName).sort((one, other) => one.localeCompare(other));
  const isFolder = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (found) => found.isDirectory(),
        () => false,
      ),
    ),
  );
  return names.filter((_, i) => isFolder[i]);
}

/**
 * Makes a temporary folder next to a target. It does not use mkdtemp, whose folders are private whatever the umask is.
 */
async function makeTemporaryFolder(parent: string): Promise<string> {
  for (;;) {
    const temporary = join(parent, `.tmp-${process.pid}-${temporaryCount++}`);
    try {
      await mkdir(temporary);
      writing.add(temporary);
      return temporary;
    } catch (error) {
      // Left behind by an earlier process with the same pid.
      if (errorCode(error) !== "EEXIST") throw error;
    }
  }
}

async function fill(folder: string, files: Record<string, Uint8Array>): Promise<void> {
  const subfolders = new Set(Object.keys(files).map((name) => dirname(join(folder, name))));
  subfolders.delete(folder);
  for (const subfolder of subfolders) await mkdir(subfolder);
  for (const [name, bytes] of Object.entries(files)) await writeSynced(join(folder, name), bytes);
  for (const subfolder of subfolders) await syncFolder(subfolder);
  await writeSynced(join(folder, MANIFEST), Buffer.from(`${JSON.stringify(makeManifest(files), null, 2)}\n`));
  await syncFolder(folder);
}

/** Copies the plain files of a folder without subfolders. */
async function copySynced(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await namesIn(from)) {
    await copyFile(join(from, name), join(to, name));
    await syncFolder(join(to, name));
  }
  await syncFolder(to);
}

async function replaceFolder(target: string, temporary: string): Promise<void> {
  if ((await namesIn(target)).length > 0) {
    if (await hasSameFiles(target, temporary)) return;
    // A rename cannot replace a non-empty folder, so the old one is first moved into a temporary folder of ours.
    const old = await makeTemporaryFolder(dirname(target));
    await rename(target, join(old, basename(target)));
    await rename(temporary, target);
    await rm(old, { recursive: true, force: true });
    writing.delete(old);
  } else await rename(temporary, target);
}

async function hasSameFiles(target: string, temporary: string): Promise<boolean> {
  try {
    await readFolder(target);
    const [there, new_] = await Promise.all([target, temporary].map((folder) => readFile(join(folder, MANIFEST))));
    return there !== undefined && new_ !== undefined && there.equals(new_);
  } catch {
    return false;
  }
}

async function readManifest(path: string): Promise<Manifest> {
  const text = await attempt(() => readPlain(join(path, MANIFEST)), `${MANIFEST} cannot be read`);
  return attempt(() => Manifest.parse(JSON.parse(text.toString())), `${MANIFEST} is not a manifest`);
}

async function attempt<Value>(act: () => Value | Promise<Value>, failure: string): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    throw new FolderBroken(`${failure} (${messageOf(error)})`, { cause: error });
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } catch (error) {
    // Some network file systems cannot sync a folder; the rename is still atomic.
    if (errorCode(error) !== "EINVAL") throw error;
  } finally {
    await folder.close();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}
