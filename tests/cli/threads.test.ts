import { afterAll, afterEach, expect, test, vi } from "vitest";
import { type Planned, withThreads } from "../../lib/cli/threads";
import { TrainingOptions } from "../../lib/config";
import type { TrainingData } from "../../lib/features";
import type { Work } from "../../lib/training";
import { hasTensorFlow } from "../engine/available";

const found = { intraOpThreads: 3, interOpThreads: 5, msPerStep: 1 };
const tuned = vi.hoisted(() => ({ kept: vi.fn(), measured: vi.fn() }));
vi.mock("../../lib/training", () => ({ tunedThreads: tuned.kept, tuneThreads: tuned.measured }));
vi.spyOn(process.stderr, "write").mockReturnValue(true);
afterEach(() => {
  tuned.kept.mockReset();
  tuned.measured.mockReset();
  vi.unstubAllEnvs();
});
afterAll(() => vi.restoreAllMocks());

/** A training of so many steps at batch 16. */
function planned(steps: number): Planned {
  const pairs = { train: { winners: new Int32Array(16 * steps) } };
  const data = { imageDim: 768, textDim: 384, pairs } as unknown as TrainingData;
  return { data, options: TrainingOptions.parse({ epochs: 1 }), hiddenDim: 512 };
}

const AS_LEFT_OUT = { backend: "auto", precision: "float32", xla: false };
const AS_FOUND = { ...AS_LEFT_OUT, intraOpThreads: 3, interOpThreads: 5 };

test("threads that are given are taken; nothing is looked up", async () => {
  const options = await withThreads({ threads: "2,7" }, planned(90_000));
  expect(options).toEqual({ ...AS_LEFT_OUT, intraOpThreads: 2, interOpThreads: 7 });
  expect(tuned.kept).not.toHaveBeenCalled();
});

test("wasm and a GPU have none to choose, nor has a machine without the library", async () => {
  expect(await withThreads({ backend: "wasm", threads: "auto" }, planned(90_000))).toMatchObject({ backend: "wasm" });
  vi.stubEnv("THUMBRANK_TF", "off");
  expect(await withThreads({ threads: "auto" }, planned(90_000))).toEqual(AS_LEFT_OUT);
  expect(tuned.measured).not.toHaveBeenCalled();
});

test.skipIf(!hasTensorFlow)(
  "what was measured for this work is taken, and measured anew only where asked (needs TensorFlow's library)",
  async () => {
    tuned.kept.mockResolvedValue(found);
    expect(await withThreads({}, planned(90_000))).toEqual(AS_FOUND);
    expect(tuned.measured).not.toHaveBeenCalled();
    const [[work]] = tuned.kept.mock.calls as [[Work]];
    expect(work).toMatchObject({ clipDim: 768, textDim: 384, hiddenDim: 512, training: { batchSize: 16 } });
    tuned.measured.mockResolvedValue({ ...found, intraOpThreads: 4 });
    expect(await withThreads({ threads: "auto" }, planned(9))).toEqual({ ...AS_FOUND, intraOpThreads: 4 });
  },
);

test.skipIf(!hasTensorFlow)("only a long training is measured unasked (needs TensorFlow's library)", async () => {
  tuned.measured.mockResolvedValue(found);
  expect(await withThreads({}, planned(49_999))).toEqual(AS_LEFT_OUT);
  expect(tuned.measured).not.toHaveBeenCalled();
  expect(await withThreads({}, planned(50_000))).toEqual(AS_FOUND);
});

test.skipIf(!hasTensorFlow)("where measuring fails the default stays (needs TensorFlow's library)", async () => {
  tuned.measured.mockRejectedValue(new Error("no"));
  expect(await withThreads({ threads: "auto" }, planned(9))).toEqual(AS_LEFT_OUT);
});
