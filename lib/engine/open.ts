import * as tf from "@tensorflow/tfjs";
import { messageOf } from "../errors";
import { onBackend } from "./active-backend";
import { EagerEngine } from "./eager";
import { registerEagerKernels } from "./eager-kernels";
import { findLibrary } from "./native/library";
import { type OnTrace, tellRetrace } from "./traces";
import type { Engine } from "./types";
import { startWasm } from "./wasm";

export interface EngineOptions {
  /** auto, which is the default: TensorFlow where its library is, else wasm. */
  backend?: "auto" | "tensorflow" | "wasm" | "cpu";
  /** Folder of TensorFlow's library, in place of THUMBRANK_TF_DIR and the user's cache. */
  libraryFolder?: string;
  /** Threads within one operation. */
  intraOpThreads?: number;
  /** Operations at a time. */
  interOpThreads?: number;
  /** Told of each shape a step is compiled for, and how many that makes; writes a line to stderr where left out. */
  onTrace?: OnTrace;
}

let prepared: Promise<void> | undefined;

/**
 * Opens an engine. Outside its steps tfjs stays on the backend it was on, else on wasm.
 * @throws LibraryMissing or LibraryUnloadable where `tensorflow` was asked for; `auto` then falls back and says why
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  prepared ??= prepare();
  await prepared;
  const backend = options.backend ?? "auto";
  if (backend === "wasm" || backend === "cpu") return new EagerEngine(backend);
  if (backend === "tensorflow") return openTensorFlow(options);
  return openTensorFlow(options).catch((failure: unknown) => new EagerEngine("wasm", messageOf(failure)));
}

async function prepare(): Promise<void> {
  registerEagerKernels();
  await startWasm();
  greetInSilence();
}

/** tfjs's CPU backend prints an advertisement at its first use, unless in production mode. */
function greetInSilence(): void {
  const mode = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  onBackend("cpu", () => tf.scalar(0).dispose());
  tf.env().set("PROD", mode);
}

/** Loaded only when wanted, for koffi has no build for some machines. */
async function openTensorFlow(options: EngineOptions): Promise<Engine> {
  const library = findLibrary(options.libraryFolder);
  const { TensorFlowEngine } = await import("./tensorflow");
  const threads = { intraOpThreads: options.intraOpThreads ?? 1, interOpThreads: options.interOpThreads ?? 2 };
  return new TensorFlowEngine(library, threads, options.onTrace ?? tellRetrace);
}
