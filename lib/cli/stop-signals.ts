import { say } from "./context";

/** What SIGINT and SIGTERM ask for. */
export interface StopSignals {
  /** Begin nothing more. */
  stop: AbortSignal;
  /** End now, with what is in progress given up: a second signal, or the end of the grace. */
  abandon: AbortSignal;
}

/** Listens for SIGINT and SIGTERM. @param graceMs from the first to `abandon` */
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
