import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** Indices into the memory that the main thread and the worker share. */
const at = { handled: 0, state: 1 };
const state = { none: 0, asked: 1, agreed: 2, ended: 3 };
/** More signals than there will ever be. */
const ALL = 2 ** 31 - 1;
const QUESTION = "thumbrank.interrupt";

/**
 * Calls back for each interrupt, even if code never lets the event loop turn: a worker thread gets the signal and
 * notifies the main thread. If the main thread has not handled it within a second, the worker has V8 terminate the
 * running JavaScript. Its `finally` blocks do not run then, and its promises never settle.
 * @param interrupt called with whether running code was terminated
 * @returns when the worker listens
 */
export async function onInterrupt(interrupt: (ended: boolean) => void): Promise<void> {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  Object.defineProperty(globalThis, Symbol.for(QUESTION), { value: agreeTo(shared) });
  const question = `globalThis[Symbol.for(${JSON.stringify(QUESTION)})]()`;
  const workerData = { shared: shared.buffer, at, state, question };
  const worker = new Worker(join(__dirname, "interrupt-watch.mjs"), { workerData, execArgv: [], stdout: true });
  // Without a listener here the signal would end the process until the worker listens.
  process.on("SIGINT", () => {});
  await once(worker, "message");
  worker.on("message", (received: number) => {
    Atomics.store(shared, at.handled, received);
    interrupt(Atomics.exchange(shared, at.state, state.none) === state.ended);
  });
  worker.unref();
  // On exit Node waits for a worker that is still connected.
  process.on("exit", () => Atomics.store(shared, at.handled, ALL));
}

/**
 * Evaluated by the worker on top of the code that keeps the main thread busy. If that code may be terminated, this
 * waits until V8 has been told to do so, so that nothing else is terminated.
 */
function agreeTo(shared: Int32Array): () => void {
  const clearAsyncIds = asyncIdStack();
  return () => {
    if (!isEndable(framesBelow())) {
      Atomics.compareExchange(shared, at.state, state.asked, state.none);
      Atomics.notify(shared, at.state);
      return;
    }
    if (Atomics.compareExchange(shared, at.state, state.asked, state.agreed) !== state.asked) return;
    // Node aborts if callbacks end without having popped their ids from this stack; it also clears it after a throw.
    clearAsyncIds();
    Atomics.notify(shared, at.state);
    Atomics.wait(shared, at.state, state.agreed);
  };
}

function asyncIdStack(): () => void {
  const { noDeprecation = false } = process;
  Object.assign(process, { noDeprecation: true });
  const { clearAsyncIdStack } = (process as unknown as NodeInternals).binding("async_wrap");
  Object.assign(process, { noDeprecation });
  return clearAsyncIdStack;
}

interface NodeInternals {
  binding(name: "async_wrap"): { clearAsyncIdStack(): void };
}

/** This function, its caller, and the worker's evaluation. */
const OWN_FRAMES = 3;

/** Files of the frames on the stack, innermost first, without our own frames. */
function framesBelow(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  // Async callers of the code are listed too, but are not running.
  Error.prepareStackTrace = (_, sites) => sites.filter((s) => !s.isAsync()).map((s) => s.getFileName() ?? "");
  const files = new Error().stack as unknown as string[];
  Object.assign(Error, { prepareStackTrace, stackTraceLimit });
  return files.slice(OWN_FRAMES);
}

const KERNEL = /[\\/]kernel[\\/][\w-]+\.ts$|[\\/]node_modules[\\/](tslab|@tslab|zeromq)[\\/]/;
/** From here the kernel calls code of cells, and needs no return. */
const CALLS_CELLS = /[\\/]kernel[\\/](scope|cell|shown|failure|errors)\.ts$/;
/** Node's bookkeeping of what runs and what is due. */
const BOOKS = /^node:internal\/(async|process|timers)/;

/**
 * Whether the running code belongs to cells or was called by them: not to the kernel, which may be sending, nor to
 * Node's bookkeeping.
 */
function isEndable(files: string[]): boolean {
  const start = files.findIndex((file) => CALLS_CELLS.test(file));
  const code = start < 0 ? files : files.slice(0, start);
  if (code.some((file) => KERNEL.test(file)) || BOOKS.test(code[0] ?? "")) return false;
  return code.some((file) => !file.startsWith("node:"));
}
