import { afterAll, describe, expect, test } from "vitest";
import { type Engine, openEngine, SettingUnavailable } from "../../lib/engine";
import { ThumbnailRankingModel, type Weights } from "../../lib/model";
import { TrainingPipeline } from "../../lib/runs";
import type { EpochRecord } from "../../lib/training";
import { hasTensorFlow } from "../engine/available";
import { planted } from "./planted";

const SMALL = { clipDim: 12, textDim: 6, hiddenDim: 16 };
const data = planted();

async function engineOf(precision: "float32" | "bfloat16"): Promise<Engine | null> {
  if (!hasTensorFlow) return null;
  return openEngine({ backend: "tensorflow", precision }).catch((failure: unknown) => {
    if (failure instanceof SettingUnavailable) return null;
    throw failure;
  });
}

async function trained(engine: Engine) {
  const model = new ThumbnailRankingModel(SMALL, { seed: 3 });
  const pipeline = new TrainingPipeline({ model, engine, data, learningRate: 1e-2, useSwa: false });
  const records: EpochRecord[] = [];
  for await (const record of pipeline.train({ numEpochs: 8 })) records.push(record);
  const state = await pipeline.state();
  pipeline.dispose();
  return { records, state };
}

/** Share of numbers that need more than the 8 bits of bfloat16. */
function shareBeyond(weights: Weights): number {
  const bits = Object.values(weights).flatMap(({ values }) => [...new Uint32Array(Float32Array.from(values).buffer)]);
  return bits.filter((each) => (each & 0xffff) !== 0).length / bits.filter((each) => each !== 0).length;
}

const half = await engineOf("bfloat16");
const full = await engineOf("float32");
afterAll(() => {
  half?.dispose();
  full?.dispose();
});

describe.skipIf(half === null)("training with bfloat16 products (needs TensorFlow's library and AVX-512)", async () => {
  const [rounded, exact] = half && full ? [await trained(half), await trained(full)] : [];

  test("the pair loss falls to nearly that of float32", () => {
    const [first, last, truth] = [rounded?.records[0], rounded?.records.at(-1), exact?.records.at(-1)] as [
      EpochRecord,
      EpochRecord,
      EpochRecord,
    ];
    expect(last.pair).toBeLessThan(first.pair / 2);
    expect(Math.abs(last.pair - truth.pair)).toBeLessThan(0.05 * first.pair);
    expect(last.pair).not.toBe(truth.pair);
  });

  test("one seed ends with the same bytes", async () => {
    const again = half && (await trained(half));
    expect(again?.state.tensors).toEqual(rounded?.state.tensors);
    expect(exact?.state.tensors).not.toEqual(rounded?.state.tensors);
  });

  test("weights and AdamW's moments stay float32", () => {
    const { weights = {}, adamM = {}, adamV = {} } = rounded?.state.tensors ?? {};
    for (const tensors of [weights, adamM, adamV]) expect(shareBeyond(tensors)).toBeGreaterThan(0.9);
  });
});
