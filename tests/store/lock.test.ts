import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, StoreLocked } from "../../lib/store";
import { kill, nextLine, start } from "./processes";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () => openStore({ paths: { store: folder } });
const refusal = (): Promise<unknown> => open().catch((error: unknown) => error);

test("a second process is told who holds the folder; when that one is killed the next takes over", async () => {
  const holder = start("hold.ts", folder);
  expect(await nextLine(holder)).toBe("open");
  const error = await refusal();
  expect(error).toBeInstanceOf(StoreLocked);
  expect(error).toMatchObject({ code: "STORE_LOCKED", pid: holder.process.pid });
  expect(String(error)).toMatch(/delete .*writer\..*\.lock/);
  await kill(holder);
  const store = await open();
  expect(await store.count()).toBe(0);
  await store.close();
});

test("of several processes at once exactly one opens a new folder, and it is sound afterwards", async () => {
  const rivals = Array.from({ length: 4 }, () => start("hold.ts", folder));
  const lines = await Promise.all(rivals.map(nextLine));
  const losers = lines.filter((line) => line?.startsWith("STORE_LOCKED"));
  expect([lines.filter((line) => line === "open").length, losers.length]).toEqual([1, 3]);
  for (const rival of rivals) rival.process.stdin.end();
  await Promise.all(rivals.map((rival) => rival.ended));
  const store = await open();
  expect(await store.count()).toBe(0);
  await store.close();
  expect((await readdir(folder)).sort()).toEqual(["pglite"]);
});
