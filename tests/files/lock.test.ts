import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "../../lib/files";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const lock = () => lockFolder(folder, (holder) => Object.assign(new Error("held"), holder));

test("the same process cannot open a folder twice, and can again once it is closed", async () => {
  const held = await lock();
  await expect(lock()).rejects.toMatchObject({ folder, pid: process.pid });
  await held.release();
  await (await lock()).release();
  expect(await readdir(folder)).toEqual([]);
});

const host = hostname().replace(/[^A-Za-z0-9-]/g, "_");

test("a lock whose process number another process has now is void", async () => {
  await writeFile(join(folder, `writer.${host}.${process.ppid}.1.lock`), "");
  await (await lock()).release();
});

test("a lock of another machine counts as held and names the file to delete", async () => {
  const file = join(folder, "writer.elsewhere.1.1.lock");
  await writeFile(file, "");
  const error = await lock().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ pid: 1, host: "elsewhere", lockFile: file });
});
