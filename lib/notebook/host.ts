import type { MimeBundle } from "./mime";

/** What our kernel offers to code in a cell. */
export interface KernelHost {
  /** Sends display_data, or update_display_data if `update` is true. */
  display(
    bundle: MimeBundle,
    options?: { displayId?: string; update?: boolean; metadata?: Record<string, unknown> },
  ): void;
  /** Aborted when the user interrupts the cell that runs now. */
  readonly signal: AbortSignal;
  /** True if nobody is watching, as under papermill. */
  readonly headless: boolean;
  /** Drops all loaded modules of lib. */
  reload(): void;
}

const HOST = Symbol.for("thumbrank.kernel");

/** The kernel that runs this code; undefined outside a notebook. */
export function host(): KernelHost | undefined {
  return (globalThis as { [HOST]?: KernelHost })[HOST];
}

/** A signal for jobs, aborted when the reader interrupts the running cell; never aborted outside a notebook. */
export function interruptSignal(): AbortSignal {
  return host()?.signal ?? new AbortController().signal;
}

/** Makes the next import cell load `lib` from disk again. */
export function reload(): void {
  host()?.reload();
}
