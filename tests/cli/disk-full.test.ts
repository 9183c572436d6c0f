import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DiskFull, findFileError } from "../../lib/base/errors";
import { StatementFailed } from "../../lib/store";
import { run, succeed } from "./thumbrank";

const folder = mkdtempSync(join(tmpdir(), "thumbrank-full-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Whether this user may mount a file system of its own in a folder. */
function mounted(sizeMb: number): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMb}m`, "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const unmount = () => execFileSync("umount", [folder]);
const mayMount = mounted(1);
if (mayMount) unmount();

describe.skipIf(!mayMount)("on a full disk (needs the right to mount one)", () => {
  const home = join(folder, "home");
  const at = ["--data-dir", home];
  beforeAll(() => void mounted(200));
  afterAll(unmount);
  afterEach(() => rmSync(join(folder, "filler"), { force: true }));

  /** Takes all room that is left. */
  function fill(): void {
    try {
      execFileSync("dd", ["if=/dev/zero", `of=${join(folder, "filler")}`, "bs=64k"], { stdio: "ignore" });
    } catch {} // dd ends with 1 where the disk is full
  }

  async function expectFull(args: string[]): Promise<void> {
    const { code, stderr } = await run([...args, ...at]);
    expect([args, code, stderr]).toEqual([args, 1, expect.stringMatching(/^DISK_FULL: no space is left on the disk/m)]);
    expect(stderr).toContain(home);
    expect(stderr).toMatch(/^Next: free space/m);
  }

  test("the store's first start, embed, evaluate and export say so, and go on once there is room", async () => {
    const embed = ["embed", "--image", "descriptor", "--text", "title-hash"];
    fill();
    await expectFull(["store", "status"]);
    rmSync(join(folder, "filler"));
    await succeed(["sample", "--channels", "12", "--videos-per-channel", "12", ...at]);
    await succeed(["pairs", ...at]);
    fill();
    await expectFull(embed);
    rmSync(join(folder, "filler"));
    await succeed([...embed, ...at]);
    await succeed(["train", "--epochs", "1", "--no-use-swa", ...at]);
    fill();
    await expectFull(["evaluate"]);
    await expectFull(["export"]);
    rmSync(join(folder, "filler"));
    await succeed(["export", ...at]);
    expect(existsSync(join(home, "models"))).toBe(true);
  });
});

test("a full disk is found however deep in the causes a failure names it, and nothing else is taken for one", () => {
  const written = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", path: "a/b" });
  const wrapped = new Error("saving failed", { cause: written });
  expect(findFileError(wrapped)).toMatchObject({
    code: "DISK_FULL",
    where: "a/b",
    what: expect.stringContaining("a/b"),
  });
  expect(findFileError(Object.assign(new Error("x"), { code: "EDQUOT" }))).toBeInstanceOf(DiskFull);
  expect(findFileError(new StatementFailed("53100", "could not extend file", "insert"))).toBeInstanceOf(DiskFull);
  expect(findFileError(Object.assign(new Error("refused"), { code: "EACCES", syscall: "connect" }))).toBeNull();
  expect(findFileError("ENOSPC")).toBeNull();
});
