import { readFile, unlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { messageOf } from "../../errors";
import { EmbeddingFileBusy } from "../errors";

/**
 * Keeps other processes from writing a folder. The lock of a process that was killed is taken over at once.
 * @returns what gives the lock back
 * @throws EmbeddingFileBusy while another process holds it
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "lock");
  const mine = `${process.pid} ${hostname()}`;
  for (let attempt = 0; ; attempt++) {
    try {
      await writeFile(file, mine, { flag: "wx" });
      return () => unlink(file);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== "EEXIST" || attempt > 0) throw busy(folder, thrown);
    }
    if (await isHeld(file)) throw busy(folder, undefined);
    await unlink(file).catch(() => {});
  }
}

function busy(folder: string, thrown: unknown): EmbeddingFileBusy {
  return new EmbeddingFileBusy(folder, thrown === undefined ? undefined : new Error(messageOf(thrown)));
}

async function isHeld(file: string): Promise<boolean> {
  const [pid, host] = (await readFile(file, "utf8").catch(() => "")).split(" ");
  if (host !== undefined && host !== hostname()) return true;
  return Number(pid) > 0 && isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === "EPERM";
  }
}
