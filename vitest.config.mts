import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    // Native libraries (TensorFlow, ONNX Runtime, libvips) live one process a file.
    pool: "forks",
    maxWorkers: 2,
    // It is on some machines and not on others; the tests that want it say so.
    env: { THUMBRANK_TFJS_NODE: "off" },
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
