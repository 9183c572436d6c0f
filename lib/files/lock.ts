import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

/** Exclusive write lock on a folder, held by this process until it releases the lock or ends. */
export interface FolderLock {
  release(): Promise<void>;
}

/** The process that holds a lock. */
export interface LockHolder {
  folder: string;
  host: string;
  pid: number;
  /** To be deleted by hand where the process is gone and cannot be asked: on another machine. */
  lockFile: string;
}

interface Holder {
  host: string;
  pid: number;
  /** When the process started, in clock ticks since boot; "0" where the system does not tell. */
  started: string;
}

const ATTEMPTS = 10;
const PAUSE_MS = 50;

/**
 * Locks a folder for one writer. Each contender writes a file of its own, then looks for others: of two at once at
 * least one sees the other and steps back, and a dead process's file counts for nothing. So no lock is ever stolen,
 * however long its holder computes without answering, and none outlives its process.
 * @param refused makes the error to throw where another process, or this one, holds the folder
 */
export async function lockFolder(folder: string, refused: (holder: LockHolder) => Error): Promise<FolderLock> {
  const own = await ownHolder();
  const file = join(folder, lockFileName(own));
  for (let attempt = 1; ; attempt++) {
    const others = await liveHolders(folder, own);
    const holder = others[0] ?? (await claim(folder, file, own));
    if (holder === undefined) return { release: () => rm(file, { force: true }) };
    if (attempt === ATTEMPTS || same(holder, own)) {
      throw refused({ folder, host: holder.host, pid: holder.pid, lockFile: join(folder, lockFileName(holder)) });
    }
    // Two that began at once may both have stepped back: wait for different times, by pid.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS + ((own.pid * attempt) % PAUSE_MS)));
  }
}

/** Writes our file; gives the holder that was there before or came at the same time, and then withdraws. */
async function claim(folder: string, file: string, own: Holder): Promise<Holder | undefined> {
  try {
    await writeFile(file, "", { flag: "wx" });
  } catch (thrown) {
    if (isCode(thrown, "EEXIST")) return own;
    throw thrown;
  }
  const [rival] = await liveHolders(folder, own);
  if (rival !== undefined) await rm(file, { force: true });
  return rival;
}

/** Holders other than ourselves that live, or may live; removes the files of dead ones. */
async function liveHolders(folder: string, own: Holder): Promise<Holder[]> {
  const living: Holder[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const holder = parseHolder(name);
    if (holder === null || same(holder, own)) continue;
    if (await mayBeAlive(holder, own.host)) living.push(holder);
    else await rm(join(folder, name), { force: true });
  }
  return living;
}

/** A process of another machine, which shares the folder, cannot be asked: it counts as living. */
async function mayBeAlive(holder: Holder, host: string): Promise<boolean> {
  if (holder.host !== host) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (thrown) {
    if (isCode(thrown, "ESRCH")) return false;
  }
  const started = await readStartTime(holder.pid);
  return started === "0" || holder.started === "0" || started === holder.started;
}

async function ownHolder(): Promise<Holder> {
  return {
    host: hostname().replace(/[^A-Za-z0-9-]/g, "_") || "localhost",
    pid: process.pid,
    started: await readStartTime(process.pid),
  };
}

/** Field 22 of /proc/PID/stat (proc(5)): tells a process from a later one with the same number. */
async function readStartTime(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
  } catch {
    return "0";
  }
}

const lockFileName = ({ host, pid, started }: Holder): string => `writer.${host}.${pid}.${started}.lock`;

function parseHolder(name: string): Holder | null {
  const [, host, pid, started] = /^writer\.([^.]+)\.(\d+)\.(\d+)\.lock$/.exec(name) ?? [];
  return host === undefined || pid === undefined || started === undefined ? null : { host, pid: Number(pid), started };
}

const same = (a: Holder, b: Holder): boolean => lockFileName(a) === lockFileName(b);

function isCode(thrown: unknown, code: string): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === code;
}
