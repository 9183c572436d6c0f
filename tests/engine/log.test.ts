import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { libraryName } from "../../lib/engine/native/library";
import { run } from "../cli/thumbrank";
import { hasTensorFlow } from "./available";

const OF_TENSORFLOW = /absl|oneDNN|^[IWE]\d{4} /m;

function program(name: string, value: string, environment: Record<string, string> = {}) {
  const { TF_CPP_MIN_LOG_LEVEL: _, ...inherited } = process.env;
  const file = join(__dirname, "programs", `${name}.ts`);
  return promisify(execFile)(process.execPath, ["--import", "tsx", file, value], {
    env: { ...inherited, ...environment },
  });
}

test.each([
  ["comes to its end", "end", "done"],
  ["fails", "fail", "the work failed"],
])(
  "of what native code writes while work %s only the wanted lines come through, and all of it before and after",
  async (_, ending, stdout) => {
    expect(await program("standard-error", ending)).toEqual({ stdout, stderr: "before\na real error\nafter\n" });
  },
);

describe.skipIf(!hasTensorFlow)("TensorFlow's log (needs TensorFlow's library)", () => {
  test("is empty while an engine is opened, computes and ends, and whole where it is asked for", async () => {
    expect((await program("short", "dispose")).stderr).toBe("");
    expect((await program("short", "dispose", { TF_CPP_MIN_LOG_LEVEL: "0" })).stderr).toMatch(OF_TENSORFLOW);
  });

  test("is on nobody's screen from doctor, which tries half precision too, and whole by --verbose", async () => {
    const home = mkdtempSync(join(tmpdir(), "thumbrank-log-"));
    const doctor = ["doctor", "--data-dir", home];
    expect((await run(doctor)).stderr).not.toMatch(OF_TENSORFLOW);
    expect((await run([...doctor, "--verbose"])).stderr).toMatch(OF_TENSORFLOW);
    rmSync(home, { recursive: true });
  });
});

test("a library that cannot be loaded still says why", async () => {
  const folder = mkdtempSync(join(tmpdir(), "thumbrank-log-"));
  for (const name of [libraryName(), libraryName().replace("_cc", "_framework")])
    writeFileSync(join(folder, name), "this is no library, and longer than the header of one would be ...............");
  await expect(openEngine({ backend: "tensorflow", libraryFolder: folder })).rejects.toMatchObject({
    code: "ENGINE_LIBRARY_UNLOADABLE",
    what: expect.stringMatching(/invalid ELF header|not a mach-o/),
  });
  rmSync(folder, { recursive: true });
});

test.skipIf(process.platform !== "linux")(
  "a library that was cut off is told, and does not end the process",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "thumbrank-log-"));
    writeFileSync(join(folder, libraryName()), readFileSync(process.execPath).subarray(0, 100_000));
    await expect(openEngine({ backend: "tensorflow", libraryFolder: folder })).rejects.toMatchObject({
      code: "ENGINE_LIBRARY_UNLOADABLE",
      what: expect.stringContaining("cut off"),
    });
    rmSync(folder, { recursive: true });
  },
);
