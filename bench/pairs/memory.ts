import { readdir, readFile } from "node:fs/promises";

const PAUSE_MS = 100;

export interface Peaks {
  /** Largest private memory of one process of the database server; null where it is not ours to see. */
  backendBytes: number | null;
  /** Largest resident memory of this process. */
  nodeBytes: number;
}

/** Runs work, sampling memory ten times a second. */
export async function withPeaks<Result>(
  serverPid: number | null,
  work: () => Promise<Result>,
): Promise<{ result: Result; seconds: number; peaks: Peaks }> {
  const peaks: Peaks = { backendBytes: null, nodeBytes: 0 };
  const sample = async () => {
    peaks.nodeBytes = Math.max(peaks.nodeBytes, process.memoryUsage.rss());
    const backend = serverPid === null ? null : await largestChild(serverPid);
    if (backend !== null) peaks.backendBytes = Math.max(peaks.backendBytes ?? 0, backend);
  };
  const started = performance.now();
  let working = true;
  const watch = (async () => {
    while (working) {
      await sample();
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  try {
    const result = await work();
    return { result, seconds: (performance.now() - started) / 1000, peaks };
  } finally {
    working = false;
    await watch;
  }
}

/** RssAnon of the largest child of a process (proc(5)): its own memory, without the shared buffers. */
async function largestChild(parent: number): Promise<number | null> {
  const numbers = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const statuses = await Promise.all(numbers.map((pid) => readFile(`/proc/${pid}/status`, "utf8").catch(() => "")));
  const sizes = statuses
    .filter((status) => new RegExp(`^PPid:\\s+${parent}$`, "m").test(status))
    .map((status) => 1024 * Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0));
  return sizes.length === 0 ? null : Math.max(...sizes);
}
