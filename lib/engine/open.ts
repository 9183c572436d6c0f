import type { EventEmitter } from "node:events";
import { dirname, sep } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { messageOf } from "../base";
import { onBackend } from "./active-backend";
import { EagerEngine, type EagerName } from "./eager";
import { registerEagerKernels } from "./eager-kernels";
import { DeviceMissing, SettingUnavailable } from "./errors";
import { registerMissingGradients } from "./gradients";
import { findLibrary } from "./native/library";
import { requirePrecision } from "./precision";
import { preferTfjsNode, tfjsNodeBackend } from "./tfjs-node/eager";
import { defaultThreads } from "./threads/choices";
import { type OnTrace, warnOfRetrace } from "./traces";
import type { Device, Engine, Precision } from "./types";

export interface EngineOptions {
  /** `auto`, the default: TensorFlow if its library is found, else wasm. */
  backend?: "auto" | "tensorflow" | "wasm" | "cpu" | "tfjs-node";
  /** Folder of TensorFlow's library, instead of THUMBRANK_TF_DIR and the user's cache. */
  libraryFolder?: string;
  /** Threads within one operation; 1 if omitted. */
  intraOpThreads?: number;
  /** Operations that run in parallel; `defaultThreads` if omitted. */
  interOpThreads?: number;
  /** All that TensorFlow sees if omitted; a GPU is then preferred. */
  device?: Device;
  /** float32 if omitted. */
  precision?: Precision;
  /** Whether XLA compiles clusters of operations; false if omitted. */
  xla?: boolean;
  /**
   * Called with the shapes a step is compiled for and the number of shapes so far; if omitted, the process warns from
   * the second on.
   */
  onTrace?: OnTrace;
  /**
   * Whether each run checks its inputs and every computed value, and throws NotFinite with the operation and line of
   * the first NaN or infinity before any variable changes. It more than doubles the time.
   */
  checkNumerics?: boolean;
}

let prepared: Promise<void> | undefined;

const PROCESS_EVENTS = ["uncaughtException", "unhandledRejection"];

/**
 * Opens an engine. Outside its steps tfjs stays on its current backend if the program chose one, else on tfjs-node if
 * that is built, else on wasm.
 * @throws TfjsNodeMissing or TfjsNodeUnloadable if `tfjs-node` was requested
 * @throws LibraryMissing or LibraryUnloadable if `tensorflow` was requested; `auto` then falls back and gives the
 *   reason
 * @throws DeviceMissing, and SettingUnavailable if TensorFlow's library is not used but a setting requires it
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  prepared ??= prepare(options.libraryFolder);
  await prepared;
  const backend = options.backend ?? "auto";
  if (backend === "tensorflow") return openTensorFlow(options);
  if (backend !== "auto") return openEager(backend, options);
  return openTensorFlow(options).catch((failure: unknown) => {
    if (failure instanceof DeviceMissing || failure instanceof SettingUnavailable) throw failure;
    return openEager("wasm", options, messageOf(failure));
  });
}

/** Rejects settings that would change results or the device, rather than ignoring them; ignores threads and XLA. */
async function openEager(name: EagerName, options: EngineOptions, reason?: string): Promise<Engine> {
  const { precision, device, libraryFolder } = options;
  const wanted = [precision !== "float32" && precision, device !== "cpu" && device].find(Boolean);
  if (wanted) throw new SettingUnavailable(wanted, name, reason);
  return new EagerEngine(
    name,
    reason,
    name === "tfjs-node" ? await tfjsNodeBackend(libraryFolder) : name,
    options.checkNumerics,
  );
}

async function prepare(libraryFolder?: string): Promise<void> {
  registerEagerKernels();
  registerMissingGradients();
  const chosen = tf.getBackend();
  await startWasm();
  if (!chosen) await preferTfjsNode(libraryFolder);
  silenceCpuGreeting();
}

/** tfjs's CPU backend prints an advertisement on first use, unless it is in production mode. */
function silenceCpuGreeting(): void {
  const mode = tf.env().getBool("PROD");
  tf.env().set("PROD", true);
  onBackend("cpu", () => tf.scalar(0).dispose());
  tf.env().set("PROD", mode);
}

/** Loaded only when needed, because koffi has no build for some machines. */
async function openTensorFlow(options: EngineOptions): Promise<Engine> {
  const library = findLibrary(options.libraryFolder);
  const { TensorFlowEngine } = await import("./tensorflow");
  const { intraOpThreads, interOpThreads } = defaultThreads();
  const engine = new TensorFlowEngine(
    library,
    {
      intraOpThreads: options.intraOpThreads ?? intraOpThreads,
      interOpThreads: options.interOpThreads ?? interOpThreads,
      precision: options.precision ?? "float32",
      xla: options.xla ?? false,
      ...(options.device === undefined ? {} : { device: options.device }),
    },
    { onTrace: options.onTrace ?? warnOfRetrace, checkNumerics: options.checkNumerics ?? false },
  );
  requirePrecision(engine);
  return engine;
}

/** Starts tfjs's wasm backend and activates it, unless the program has chosen another. */
async function startWasm(): Promise<void> {
  // When a notebook reloads this module, the backend is already running.
  if ("wasm" in tf.engine().registry) return;
  setWasmPaths(dirname(require.resolve("@tensorflow/tfjs-backend-wasm")) + sep);
  const before = tf.getBackend();
  await withoutNewListeners(process, () => tf.setBackend("wasm"));
  if (before) await tf.setBackend(before);
}

/** The wasm module listens for the process's errors and rethrows them; a library must not do that. */
async function withoutNewListeners(emitter: EventEmitter, start: () => Promise<unknown>): Promise<void> {
  const before = PROCESS_EVENTS.map((event) => emitter.listeners(event));
  await start();
  PROCESS_EVENTS.forEach((event, index) => {
    for (const listener of emitter.listeners(event) as (() => void)[])
      if (!before[index]?.includes(listener)) emitter.removeListener(event, listener);
  });
}
