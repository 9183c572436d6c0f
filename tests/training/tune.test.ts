import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { TrainingOptions } from "../../lib/config";
import { findLibrary } from "../../lib/engine";
import { tunedThreads, tuneThreads } from "../../lib/training";
import { hasTensorFlow } from "../engine/available";

const cache = mkdtempSync(join(tmpdir(), "thumbrank-tune-"));
const library = hasTensorFlow ? findLibrary().path : "";
const CHOICES = [
  { intraOpThreads: 1, interOpThreads: 2 },
  { intraOpThreads: 2, interOpThreads: 1 },
];
const work = (batchSize: number) => ({
  clipDim: 12,
  textDim: 6,
  hiddenDim: 16,
  training: TrainingOptions.parse({ batchSize }),
  engine: { precision: "float32" } as const,
});

beforeAll(() => {
  vi.stubEnv("XDG_CACHE_HOME", cache);
  vi.stubEnv("THUMBRANK_TF_DIR", join(library, ".."));
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

test.skipIf(!hasTensorFlow)(
  "threads are measured on the step itself and found again (needs TensorFlow's library)",
  async () => {
    const found = await tuneThreads(work(4), CHOICES);
    expect(CHOICES).toContainEqual({ intraOpThreads: found.intraOpThreads, interOpThreads: found.interOpThreads });
    expect(found.msPerStep).toBeGreaterThan(0);
    expect(await tunedThreads(work(4))).toEqual(found);
    expect(await tunedThreads(work(5))).toBeUndefined();
    expect(readFileSync(join(cache, "thumbrank", "threads.json"), "utf8")).toContain("12 + 6 to 16, batch 4, float32");
  },
);

test("where TensorFlow cannot do the work, that is said and nothing is kept", async () => {
  vi.stubEnv("THUMBRANK_TF", "off");
  await expect(tuneThreads(work(6), CHOICES)).rejects.toThrow("THUMBRANK_TF is off");
  expect(await tunedThreads(work(6))).toBeUndefined();
});
