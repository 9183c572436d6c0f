import { currentCell } from "./cell";

interface DisplayOptions {
  displayId?: string;
  update?: boolean;
  metadata?: Record<string, unknown>;
}

/** Offers lib/notebook the `KernelHost` that lib/notebook/host.ts describes. */
export function offerHost(headless: boolean, reload: () => void): void {
  const host = {
    display(data: Record<string, unknown>, { displayId, update = false, metadata = {} }: DisplayOptions = {}) {
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

/** Printed text belongs to the cell whose code prints it, even while a later cell runs. */
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
