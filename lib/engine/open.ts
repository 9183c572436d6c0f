import { EagerEngine } from "./eager";
import { registerEagerKernels } from "./eager-kernels";
import type { Engine } from "./types";
import { startWasm } from "./wasm";

export interface EngineOptions {
  /** auto: TensorFlow where its library is, else wasm. */
  backend?: "auto" | "tensorflow" | "wasm" | "cpu";
  /** Folder of TensorFlow's library, in place of THUMBRANK_TF_DIR and the user's cache. */
  libraryFolder?: string;
  /** Threads within one operation. */
  intraOpThreads?: number;
  /** Operations at a time. */
  interOpThreads?: number;
}

let prepared: Promise<void> | undefined;

/** Opens an engine. Outside its steps tfjs stays on the backend it was on, else on wasm. */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  prepared ??= prepare();
  await prepared;
  return new EagerEngine(options.backend === "cpu" ? "cpu" : "wasm");
}

async function prepare(): Promise<void> {
  registerEagerKernels();
  await startWasm();
}
