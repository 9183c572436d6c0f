import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { FileUnusable, findFileError } from "../../lib/base";
import { makeFolder, openPlain, readPlain, writeAtomically } from "../../lib/files";

const folder = mkdtempSync(join(tmpdir(), "thumbrank-plain-"));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** What work on a file fails with, as people are told it. */
async function failureOf(work: Promise<unknown>): Promise<FileUnusable | null> {
  const thrown: unknown = await work.then(
    () => null,
    (failure: unknown) => failure,
  );
  return thrown instanceof FileUnusable ? thrown : (findFileError(thrown) as FileUnusable | null);
}

writeFileSync(at("file"), "four");
symlinkSync(at("file"), at("link"));
symlinkSync(at("loop"), at("loop"));
symlinkSync("/dev/zero", at("endless"));
execFileSync("mkfifo", [at("pipe")]);

test("a regular file is read, through a link too", async () => {
  expect((await readPlain(at("file"))).toString()).toBe("four");
  expect((await readPlain(at("link"))).toString()).toBe("four");
});

test.each([
  [".", "it is a folder, where a file belongs"],
  ["pipe", "it is a named pipe, where a file belongs"],
  ["endless", "it is a device, where a file belongs"],
  ["loop", "its links lead in a circle"],
  ["none", "it does not exist, and cannot be made there"],
  ["file/below", "a file stands where a folder belongs"],
  ["n".repeat(300), "its name is longer than the file system allows"],
])("%s is refused at once", async (name, why) => {
  for (const read of [readPlain, openPlain]) {
    const failure = await failureOf(read(at(name)));
    expect(failure?.code).toBe("FILE_UNUSABLE");
    expect(failure?.what).toBe(`${at(name)} cannot be used: ${why}`);
  }
});

test("what is written in the place of a folder names that folder", async () => {
  await makeFolder(at("taken"));
  const failure = await failureOf(writeAtomically(at("taken"), "text"));
  expect(failure?.what).toBe(`${at("taken")} cannot be used: it is a folder, where a file belongs`);
});

test("a folder is made with those above it, and is left where it is there", async () => {
  await makeFolder(at("a/b/c"), 0o700);
  await makeFolder(at("a/b/c"));
  expect(statSync(at("a/b")).mode & 0o777).toBe(0o700);
  const many = Array.from({ length: 64 }, (_, i) => at(`together/${i % 3}/${i % 5}/${i % 7}`));
  await Promise.all(many.map((path) => makeFolder(path)));
  expect((await failureOf(makeFolder(at("file/x"))))?.what).toContain("a file stands where a folder belongs");
  expect((await failureOf(makeFolder(at("file"))))?.what).toContain("something else is there already");
  expect(readFileSync(at("file"), "utf8")).toBe("four");
});

test.runIf(process.platform === "linux")("in /proc, where no folder can be made, it ends", async () => {
  expect((await failureOf(makeFolder("/proc/none/data/store")))?.what).toBe(
    "/proc/none cannot be used: it does not exist, and cannot be made there",
  );
});

test("errors of sockets and programs are none of files", () => {
  expect(findFileError(Object.assign(new Error("x"), { code: "EACCES", syscall: "connect" }))).toBeNull();
  expect(findFileError(Object.assign(new Error("x"), { code: "ENOENT", syscall: "spawn git" }))).toBeNull();
  const cause = Object.assign(new Error("x"), { code: "EISDIR", syscall: "read", path: "a/b" });
  expect(findFileError(new Error("outer", { cause }))).toMatchObject({ code: "FILE_UNUSABLE", where: "a/b" });
  expect(findFileError(new FileUnusable("a", "b", cause))).toBeNull();
});
