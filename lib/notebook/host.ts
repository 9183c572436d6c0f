import type { MimeBundle } from "./mime";

/** What our kernel offers to the code of a cell. */
export interface KernelHost {
  /** Sends display_data, or update_display_data where `update` is true. */
  display(
    bundle: MimeBundle,
    options?: { displayId?: string; update?: boolean; metadata?: Record<string, unknown> },
  ): void;
  /** Aborted when the user interrupts the cell that runs now. */
  readonly signal: AbortSignal;
  /** True under papermill, if nobody looks on. */
  readonly headless: boolean;
  /** Forgets all modules of lib. */
  reload(): void;
}

const HOST = Symbol.for("thumbrank.kernel");

/** The kernel that runs this code; undefined outside a notebook. */
export function host(): KernelHost | undefined {
  return (globalThis as { [HOST]?: KernelHost })[HOST];
}

/** Aborted when the reader interrupts the cell that runs now; never, outside a notebook. For jobs that take a signal. */
export function interruptSignal(): AbortSignal {
  return host()?.signal ?? new AbortController().signal;
}

/** Makes the next import cell take `lib` as it is on disk now. */
export function reload(): void {
  host()?.reload();
}
