import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServeSettings } from "../../lib/config";
import { exportModel } from "../../lib/deployment";
import { trainedModel } from "../../tests/deployment/trained";

/** A service in a process of its own, whose working and temporary folders are in its home. */
export interface Served {
  address: string;
  port: number;
  home: string;
  child: ChildProcess;
  /** What it reported. */
  lines: string[];
  /** All files of its home, as paths. */
  files(): Promise<string[]>;
  /** Resident memory now, and its peak since `resetPeak`; only on Linux, else 0. */
  memoryMb(): Promise<{ now: number; peak: number }>;
  resetPeak(): Promise<void>;
  end(): Promise<void>;
}

/** Exports a model of random weights and serves it. */
export async function serve(settings: Partial<ServeSettings> = {}): Promise<Served> {
  const home = await mkdtemp(join(tmpdir(), "served-"));
  await exportModel(join(home, "models"), await trainedModel());
  const folders = { work: join(home, "work"), temporary: join(home, "temporary") };
  for (const folder of Object.values(folders)) await mkdir(folder);
  const tsx = require.resolve("tsx");
  const args = ["--import", tsx, join(__dirname, "program.ts"), home, JSON.stringify(settings)];
  const child = spawn(process.execPath, args, {
    cwd: folders.work,
    env: { ...process.env, TMPDIR: folders.temporary, TSX_DISABLE_CACHE: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => lines.push(...chunk.toString().trimEnd().split("\n")));
  const exit = once(child, "exit");
  const [said] = await Promise.race([once(child.stdout, "data"), exit.then(() => [undefined])]);
  if (said === undefined) throw new Error(`the service did not start: ${lines.join("\n")}`);
  const address = String(said).trim();
  const status = `/proc/${child.pid}`;
  return {
    address,
    port: Number(new URL(address).port),
    home,
    child,
    lines,
    files: async () => (await readdir(home, { recursive: true })).sort(),
    async memoryMb() {
      const text = await readFile(`${status}/status`, "utf8").catch(() => "");
      const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0);
      return { now: kilobytes("VmRSS") / 1024, peak: kilobytes("VmHWM") / 1024 };
    },
    resetPeak: () => writeFile(`${status}/clear_refs`, "5").catch(() => {}),
    async end() {
      child.kill("SIGKILL");
      await exit;
      await rm(home, { recursive: true, force: true });
    },
  };
}
