import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openEngine } from "../../../lib/engine";
import { findTfjsNode, isBuilt, tfjsNodeOn } from "../../../lib/engine/tfjs-node/place";
import { root } from "../../house/files";

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "thumbrank-tfjs-node-place-"));
});
afterEach(() => rmSync(cache, { recursive: true }));

const library = (path: string) => ({ path, variant: "cpu" as const });

function plant(stamp: string): ReturnType<typeof tfjsNodeOn> {
  const place = tfjsNodeOn(library("a.so"), { XDG_CACHE_HOME: cache });
  mkdirSync(dirname(place.binding), { recursive: true });
  writeFileSync(place.binding, "");
  writeFileSync(place.stamp, stamp);
  return place;
}

test("lies in the cache beside TensorFlow, one for each variant of the library", () => {
  const environment = { XDG_CACHE_HOME: cache };
  const [cpu, gpu] = (["cpu", "gpu"] as const).map((variant) => tfjsNodeOn({ path: "a.so", variant }, environment));
  expect(cpu!.folder).toBe(join(cache, "thumbrank", "tfjs-node", "4.22.0-2.21.0"));
  expect(gpu!.folder).toBe(cpu!.folder);
  expect(gpu!.binding).not.toBe(cpu!.binding);
});

test("counts as built on the very library of its stamp, and on no other", () => {
  const place = plant(JSON.stringify({ library: "a.so" }));
  expect(isBuilt(place)).toBe(true);
  expect(isBuilt({ ...place, library: library("b.so") })).toBe(false);
  for (const stamp of ["", "{}", '{"library": 1}']) expect(isBuilt(plant(stamp))).toBe(false);
});

test("without it, or without TensorFlow's library, the error says which and how to build it", async () => {
  const missing = { code: "ENGINE_TFJS_NODE_MISSING", message: expect.stringContaining("npm run setup:tfjs-node") };
  expect(() => findTfjsNode(undefined, { XDG_CACHE_HOME: cache })).toThrow(expect.objectContaining(missing));
  const folder = join(cache, "library");
  mkdirSync(folder);
  for (const name of ["libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib"]) writeFileSync(join(folder, name), "");
  const environment = { XDG_CACHE_HOME: cache, THUMBRANK_TF_DIR: folder };
  expect(() => findTfjsNode(undefined, environment)).toThrow(/it is not built on .*libtensorflow_cc/);
  await expect(openEngine({ backend: "tfjs-node", libraryFolder: folder })).rejects.toMatchObject(missing);
});

test("a machine without a compiler is told what to install", async () => {
  const { findCompiler } = await import(join(root, "scripts/tfjs-node/addon.mjs"));
  const next = expect.stringContaining("apt install g++");
  const failure = { code: "SETUP_COMPILER_MISSING", what: expect.stringContaining("g++, c++, clang++"), next };
  await expect(findCompiler({ PATH: cache })).rejects.toMatchObject(failure);
  await expect(findCompiler({ PATH: cache, CXX: "no-such" })).rejects.toMatchObject({
    what: expect.stringContaining("looked for no-such"),
  });
});

test("a package of other content than the pinned one is refused", async () => {
  const { requireIntegrity } = await import(join(root, "scripts/tfjs-node/sources.mjs"));
  const path = join(cache, "package.tgz");
  writeFileSync(path, "hello");
  const hello = "sha512-m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw==";
  expect(() => requireIntegrity(path, hello)).not.toThrow();
  writeFileSync(path, "hallo");
  expect(() => requireIntegrity(path, hello)).toThrow(/has the content sha512-/);
});
