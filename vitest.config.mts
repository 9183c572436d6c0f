import { availableParallelism } from "node:os";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Files of a minute and more, the longest first. */
const LONGEST = [
  "notebooks/smoke",
  "cli/demo",
  "kernel/figures",
  "cli/runs",
  "cli/odd-files",
  "cli/faults",
  "cli/evaluate-model",
  "youtube/paging",
  "cli/resume",
  "store/snapshots",
  "serving/page",
  "cli/recipe",
  "kernel/interrupt",
  "notebook/prepare",
  "readme/readme",
  "cli/empty-home",
];

/** Begins with the longest files, so that no core idles at the end while one of them runs. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const found = LONGEST.findIndex((name) => moduleId.endsWith(`/tests/${name}.test.ts`));
      return found < 0 ? LONGEST.length : found;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Native libraries (TensorFlow, ONNX Runtime, libvips) live one process a file.
    pool: "forks",
    // One more than there are cores, since many tests wait: for a server, a browser, another process.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // It is on some machines and not on others; the tests that want it say so.
    env: { THUMBRANK_TFJS_NODE: "off" },
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
