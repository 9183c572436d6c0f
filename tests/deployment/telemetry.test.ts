import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { exportModel } from "../../lib/deployment";
import { root } from "../house/files";
import { trainedModel } from "./trained";

test("loading a model leaves no telemetry of ONNX Runtime in the user's cache", async () => {
  const folder = await mkdtemp(join(tmpdir(), "telemetry-"));
  try {
    const model = await exportModel(join(folder, "models"), await trainedModel());
    const program = join(folder, "load.ts");
    await writeFile(
      program,
      `import { loadModel } from ${JSON.stringify(join(root, "lib", "deployment"))};
       void loadModel(${JSON.stringify(model)}).then((loaded) => loaded.close()).then(() => console.log("loaded"));`,
    );
    const cache = join(folder, "cache");
    const { ORT_DISABLE_TELEMETRY: _, ...inherited } = process.env;
    const env = { ...inherited, HOME: cache, XDG_CACHE_HOME: cache };
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program], { cwd: root, env });
    expect(stdout).toBe("loaded\n");
    expect(await readdir(cache).catch(() => [])).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
