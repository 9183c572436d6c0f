import { say } from "./context";

/** Exit code after SIGINT or SIGTERM: not finished; the same command continues. */
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
