import { say } from "./context";

/** The two requests that SIGINT and SIGTERM make. */
export interface StopSignals {
  /** Start no new work. */
  stop: AbortSignal;
  /** Give up the work in progress and end now: after a second signal, or when the grace period is over. */
  abandon: AbortSignal;
}

/** Listens for SIGINT and SIGTERM. @param graceMs time from the first signal to `abandon` */
export function stopSignals(graceMs: number): StopSignals {
  const stop = new AbortController();
  const abandon = new AbortController();
  const asked = (name: string) => {
    if (stop.signal.aborted) return abandon.abort();
    say(`${name}: finishing the work in progress`);
    stop.abort();
    setTimeout(() => abandon.abort(), graceMs).unref();
  };
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => asked(name));
  return { stop: stop.signal, abandon: abandon.signal };
}
