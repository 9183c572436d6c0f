import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { type SessionOptions, sessionConfig } from "../../lib/engine/native/session-config";
import { hasTensorFlow } from "./available";

/** What we set of tensorflow/core/protobuf/config.proto and rewriter_config.proto, with the numbers of its fields. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ConfigProto {
    map<string, int32> device_count = 1;
    int32 intra_op_parallelism_threads = 2;
    int32 inter_op_parallelism_threads = 5;
    GPUOptions gpu_options = 6;
    bool allow_soft_placement = 7;
    bool use_per_session_threads = 9;
    GraphOptions graph_options = 10;
  }
  message GPUOptions { bool allow_growth = 4; string visible_device_list = 5; }
  message GraphOptions { OptimizerOptions optimizer_options = 3; RewriterConfig rewrite_options = 10; }
  message OptimizerOptions { int32 global_jit_level = 5; bool cpu_global_jit = 7; }
  message RewriterConfig { bool disable_meta_optimizer = 19; }
`);
const ConfigProto = root.lookupType("ConfigProto");
const decoded = (options: Partial<SessionOptions> = {}) =>
  ConfigProto.decode(sessionConfig({ intraOpThreads: 1, interOpThreads: 2, ...options })).toJSON();

const ALWAYS = {
  intraOpParallelismThreads: 1,
  interOpParallelismThreads: 2,
  gpuOptions: { allowGrowth: true },
  allowSoftPlacement: true,
  usePerSessionThreads: true,
  graphOptions: { rewriteOptions: { disableMetaOptimizer: true } },
};

test("a session has its threads, growing GPU memory and no rewriting", () => {
  expect(decoded()).toEqual(ALWAYS);
  expect(decoded({ intraOpThreads: 300, interOpThreads: 7 })).toEqual({
    ...ALWAYS,
    intraOpParallelismThreads: 300,
    interOpParallelismThreads: 7,
  });
});

test("cpu hides the GPUs, gpu:N shows that one alone", () => {
  expect(decoded({ device: "cpu" })).toEqual({ ...ALWAYS, deviceCount: { GPU: 0 } });
  expect(decoded({ device: "gpu:12" })).toEqual({
    ...ALWAYS,
    gpuOptions: { allowGrowth: true, visibleDeviceList: "12" },
  });
});

test("XLA compiles on the CPU too", () => {
  expect(decoded({ xla: true })).toEqual({
    ...ALWAYS,
    graphOptions: { ...ALWAYS.graphOptions, optimizerOptions: { globalJitLevel: 1, cpuGlobalJit: true } },
  });
});

describe.skipIf(!hasTensorFlow)("TensorFlow takes it (needs TensorFlow's library)", () => {
  test.each([{}, { device: "cpu" }, { xla: true }, { device: "cpu", xla: true }] as const)("%o", async (options) => {
    const engine = await openEngine({ backend: "tensorflow", ...options });
    const step = engine.jit((x) => [x.mul(3).add(x).square()], { shape: [4] });
    expect([...((await step(Float32Array.of(0, 1, 2, -3)))[0] ?? [])]).toEqual([0, 16, 64, 144]);
    expect(engine.device).toBe("CPU");
    expect(engine.settings?.xla).toBe("xla" in options);
    engine.dispose();
  });

  test("a GPU that is not there is refused, with what TensorFlow sees", async () => {
    for (const backend of ["tensorflow", "auto"] as const)
      await expect(openEngine({ backend, device: "gpu:77" })).rejects.toMatchObject({
        code: "ENGINE_DEVICE_MISSING",
        what: expect.stringContaining("gpu:77"),
        next: expect.stringContaining("THUMBRANK_TF=gpu"),
      });
  });
});

test("what only TensorFlow has is refused elsewhere, not passed over", async () => {
  for (const options of [{ precision: "bfloat16" }, { device: "gpu:0" }] as const)
    await expect(openEngine({ backend: "wasm", ...options })).rejects.toMatchObject({
      code: "ENGINE_SETTING_UNAVAILABLE",
    });
  const engine = await openEngine({ backend: "wasm", precision: "float32", device: "cpu", interOpThreads: 3 });
  expect(engine.settings).toBeUndefined();
  engine.dispose();
});
