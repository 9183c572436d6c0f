import { say } from "./context";

/** Exit code after SIGINT or SIGTERM: the work is not finished, and the same command continues it. */
export const STOPPED = 130;

/**
 * Aborts at the first SIGINT or SIGTERM; a second one ends the process at once.
 * @param what the process does before it ends, for the user
 */
export function stopSignal(what: string): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.once(name, () => {
      say(`${name}: ${what}`);
      controller.abort();
    });
  }
  return controller.signal;
}
