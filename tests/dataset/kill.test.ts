import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { openStore, type Video } from "../../lib/store";
import { COLUMNS, importInto, jpeg, MemoryStore, row, table, temporaryFolder } from "./fixture";

const ROWS = 2500;

/** Imports in a process of its own, which is killed at its first progress at or beyond `rows`. */
async function importKilledAt(folder: string, rows: number): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "importing.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const closed = once(child, "close");
  for await (const line of createInterface(child.stdout)) if (Number(line) >= rows) child.kill("SIGKILL");
  expect(await closed).toEqual([null, "SIGKILL"]);
}

async function videosOf(folder: string): Promise<Video[]> {
  const store = await openStore({ paths: { store: join(folder, "store") } });
  const videos: Video[] = [];
  for await (const video of store.videos()) videos.push(video);
  await store.close();
  return videos;
}

test("an import killed twice is completed by the next, and no row is lost or doubled", async () => {
  const folder = await temporaryFolder();
  const ids = Array.from({ length: ROWS }, (_, index) => `v${String(index).padStart(5, "0")}`);
  const lines = ids.map((id, index) => row(id, { thumbnail: `p${index % 50}.jpg` }));
  const file = await table(folder, [`${COLUMNS.join(",")},thumbnail`, ...lines]);
  for (let seed = 0; seed < 50; seed++) await writeFile(join(folder, "thumbnails", `p${seed}.jpg`), await jpeg(seed));

  await importKilledAt(folder, 500);
  await importKilledAt(folder, 1500);

  const store = await openStore({ paths: { store: join(folder, "store") } });
  const report = await importInto(store, folder, file);
  await store.close();
  expect(report.unchanged).toBeGreaterThanOrEqual(1500);
  expect(report.inserted).toBeGreaterThan(0);
  expect(report.unchanged + report.inserted).toBe(ROWS);

  const never = new MemoryStore();
  await importInto(never, folder, file);
  expect(await videosOf(folder)).toEqual([...never.videos.values()]);
}, 180_000);
