import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as koffi from "koffi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLibrary, openEngine } from "../../lib/engine";
import { loadCudaLibrary } from "../../lib/engine/native/load";
import { hasTensorFlow } from "./available";

const isLinux = process.platform === "linux";
/** Any library that may be opened twice stands for CUDA's. */
const any = isLinux ? (process.report.getReport() as { sharedObjects: string[] }).sharedObjects.find(isLibm) : "";
let folder: string;
let cusolver: string;

function isLibm(path: string): boolean {
  return path.includes("/libm.so");
}

const openLibraries = () => readFileSync("/proc/self/maps", "utf8");

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "thumbrank-cuda-"));
  cusolver = join(folder, "nvidia", "cusolver", "lib", "libcusolver.so.11");
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!any)("CUDA's library that TensorFlow would not find (needs Linux)", () => {
  const tensorflow = () => join(folder, "tensorflow", "libtensorflow_cc.so.2");

  test("is opened beside TensorFlow's where there is a driver, and only there", () => {
    loadCudaLibrary(tensorflow(), "libm.so.6");
    mkdirSync(join(cusolver, ".."), { recursive: true });
    copyFileSync(any as string, cusolver);
    loadCudaLibrary(tensorflow(), "libno-such-driver.so.1");
    expect(openLibraries()).not.toContain(cusolver);
    loadCudaLibrary(tensorflow(), "libm.so.6");
    expect(openLibraries()).toContain(cusolver);
  });
});

test.skipIf(!hasTensorFlow)("float32 is float32 on GPUs too (needs TensorFlow's library)", async () => {
  const library = koffi.load(findLibrary().path);
  const isRounded = library.func("_ZN3tsl33tensor_float_32_execution_enabledEv", "bool", []);
  (await openEngine({ backend: "tensorflow" })).dispose();
  expect(isRounded()).toBe(false);
});
