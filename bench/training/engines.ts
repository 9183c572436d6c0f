import type { EngineOptions } from "../../lib/engine";
import { OURS } from "../side-by-side/table";

/** Contenders that are our own code, by what their engine is opened with. */
export const ENGINES: Record<string, EngineOptions> = {
  [OURS]: { backend: "tensorflow" },
  [`${OURS}-bfloat16`]: { backend: "tensorflow", precision: "bfloat16" },
  [`${OURS}-xla`]: { backend: "tensorflow", xla: true },
  wasm: { backend: "wasm" },
  "tfjs-node": { backend: "tfjs-node" },
};
