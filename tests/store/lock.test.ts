import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, StoreLocked } from "../../lib/store";
import { lockFolder } from "../../lib/store/lock";
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

test("the same process cannot open a folder twice, and can again once it is closed", async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toMatchObject({ code: "STORE_LOCKED", pid: process.pid });
  await lock.release();
  await (await lockFolder(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

const host = hostname().replace(/[^A-Za-z0-9-]/g, "_");

test("a lock whose process number another process has now is void", async () => {
  await writeFile(join(folder, `writer.${host}.${process.ppid}.1.lock`), "");
  await (await lockFolder(folder)).release();
});

test("a lock of another machine counts as held and names the file to delete", async () => {
  const file = join(folder, "writer.elsewhere.1.1.lock");
  await writeFile(file, "");
  const error = await lockFolder(folder).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "STORE_LOCKED", pid: 1, host: "elsewhere" });
  expect(String(error)).toContain(file);
});
