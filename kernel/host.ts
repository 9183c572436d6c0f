import { currentCell } from "./cell";

/** What lib/notebook finds at `globalThis[Symbol.for("thumbrank.kernel")]`. */
export interface KernelHost {
  /** Sends display_data, or update_display_data where `update` is true. */
  display(bundle: Record<string, unknown>, options?: DisplayOptions): void;
  /** Aborted when the reader interrupts the cell that runs now. */
  readonly signal: AbortSignal;
  /** True where nobody sits before it (papermill). */
  readonly headless: boolean;
  /** Forgets all modules of lib: the next import cell takes what is on disk. */
  reload(): void;
}

interface DisplayOptions {
  displayId?: string;
  update?: boolean;
  metadata?: Record<string, unknown>;
}

/** Puts the host where lib/notebook looks for it. */
export function offerHost(headless: boolean, reload: () => void): void {
  const host: KernelHost = {
    display: (data, { displayId, update = false, metadata = {} } = {}) => {
      const transient = displayId === undefined ? {} : { display_id: displayId };
      currentCell()?.send(update ? "update_display_data" : "display_data", { data, metadata, transient });
    },
    get signal() {
      return currentCell()?.signal ?? new AbortController().signal;
    },
    headless,
    reload,
  };
  Object.assign(globalThis, { [Symbol.for("thumbrank.kernel")]: host });
}

/** What is printed belongs to the cell whose code prints it, also when a later one runs. */
export function printToCells(): void {
  for (const name of ["stdout", "stderr"] as const) {
    const toTerminal = process[name].write.bind(process[name]);
    process[name].write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
      const cell = currentCell();
      if (cell === undefined) return toTerminal(chunk);
      cell.print(name, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      for (const callback of rest) if (typeof callback === "function") callback();
      return true;
    };
  }
}
