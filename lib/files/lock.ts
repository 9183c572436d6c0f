import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { errorCode } from "../base";

/** Exclusive write lock on a folder, held by this process until it releases the lock or ends. */
export interface FolderLock {
  release(): Promise<void>;
}

/** The process that holds a lock. */
export interface LockHolder {
  folder: string;
  host: string;
  pid: number;
  /** Must be deleted by hand if the process ran on another machine and is gone, which cannot be checked from here. */
  lockFile: string;
}

/** A process, distinguished from later ones with the same pid. */
export interface ProcessIdentity {
  host: string;
  pid: number;
  /** When the process started, in clock ticks since boot; "0" if the system does not say. */
  started: string;
}

const ATTEMPTS = 10;
const PAUSE_MS = 50;

/**
 * Locks a folder for one writer. Each contender writes its own lock file, then looks for others: of two contenders at
 * the same time, at least one sees the other and withdraws. Lock files of dead processes are ignored. So a lock is
 * never stolen, however long its holder is busy, and never outlives its process.
 * @param refused makes the error to throw if another process, or this one, holds the lock
 */
export async function lockFolder(folder: string, refused: (holder: LockHolder) => Error): Promise<FolderLock> {
  const own = await currentProcess();
  const file = join(folder, lockFileName(own));
  for (let attempt = 1; ; attempt++) {
    const others = await liveHolders(folder, own);
    const holder = others[0] ?? (await claim(folder, file, own));
    if (holder === undefined) return { release: () => rm(file, { force: true }) };
    if (attempt === ATTEMPTS || same(holder, own)) {
      throw refused({ folder, host: holder.host, pid: holder.pid, lockFile: join(folder, lockFileName(holder)) });
    }
    // Two contenders may both have withdrawn: the pid makes them wait for different times.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS + ((own.pid * attempt) % PAUSE_MS)));
  }
}

/**
 * Writes our lock file; undefined if that locked the folder. Otherwise returns the holder that was there before, or
 * that appeared at the same time and made us withdraw.
 */
async function claim(folder: string, file: string, own: ProcessIdentity): Promise<ProcessIdentity | undefined> {
  try {
    await writeFile(file, "", { flag: "wx" });
  } catch (thrown) {
    if (errorCode(thrown) === "EEXIST") return own;
    throw thrown;
  }
  const [rival] = await liveHolders(folder, own);
  if (rival !== undefined) await rm(file, { force: true });
  return rival;
}

/** Holders other than this process that are, or may be, alive; removes the lock files of dead ones. */
async function liveHolders(folder: string, own: ProcessIdentity): Promise<ProcessIdentity[]> {
  const living: ProcessIdentity[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const holder = parseHolder(name);
    if (holder === null || same(holder, own)) continue;
    if (await mayBeAlive(holder)) living.push(holder);
    else await rm(join(folder, name), { force: true });
  }
  return living;
}

/** A process on another machine that shares the folder cannot be checked, so it counts as alive. */
export async function mayBeAlive({ host, pid, started }: ProcessIdentity): Promise<boolean> {
  if (host !== hostName()) return true;
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    if (errorCode(thrown) === "ESRCH") return false;
  }
  const found = await readStartTime(pid);
  return found === "0" || started === "0" || found === started;
}

/** This process. */
export async function currentProcess(): Promise<ProcessIdentity> {
  return {
    host: hostName(),
    pid: process.pid,
    started: await readStartTime(process.pid),
  };
}

const hostName = (): string => hostname().replace(/[^A-Za-z0-9-]/g, "_") || "localhost";

/** Field 22 of /proc/PID/stat (proc(5)); distinguishes a process from a later one with the same pid. */
async function readStartTime(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}

const lockFileName = ({ host, pid, started }: ProcessIdentity): string => `writer.${host}.${pid}.${started}.lock`;

function parseHolder(name: string): ProcessIdentity | null {
  const [, host, pid, started] = /^writer\.([^.]+)\.(\d+)\.(\d+)\.lock$/.exec(name) ?? [];
  return host === undefined || pid === undefined || started === undefined ? null : { host, pid: Number(pid), started };
}

const same = (a: ProcessIdentity, b: ProcessIdentity): boolean => lockFileName(a) === lockFileName(b);
