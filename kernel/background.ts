import { currentCell } from "./cell";

/** A failure that nobody awaited: a rejected promise, or a throw in a timer or event. */
interface BackgroundError {
  thrown: unknown;
  /** Number of the cell that started it. */
  count: number | undefined;
}

const backgroundErrors: BackgroundError[] = [];
let noticed: () => void = () => {};

/** Node would end the process on such a failure; the kernel keeps it for the cell instead. */
export function catchBackgroundErrors(): void {
  const keep = (thrown: unknown) => {
    backgroundErrors.push({ thrown, count: currentCell()?.count });
    noticed();
  };
  process.on("unhandledRejection", keep);
  process.on("uncaughtException", keep);
}

/** The first failure since the last call. */
export function takeBackgroundError(): BackgroundError | undefined {
  const [first] = backgroundErrors.splice(0);
  return first;
}

/** Resolves at the next failure, in its own turn of the event loop: see Session. */
export function nextBackgroundError(): Promise<void> {
  return new Promise((resolve) => {
    noticed = () => setImmediate(resolve);
  });
}

const CHECK_MS = 10;

/** How many resources of each kind keep Node's event loop busy, such as `Timeout` and `FSReqPromise`. */
export type Activity = ReadonlyMap<string, number>;

export function activity(): Activity {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/**
 * Waits while timers, files and sockets that a cell opened are still active, so that their failure is reported with the
 * cell.
 * @param before `activity()` when the cell began
 * @param limitMs longest wait: a server or an interval never ends
 */
export async function settled(before: Activity, limitMs: number, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + limitMs;
  do await turn();
  while (isBusier(before) && backgroundErrors.length === 0 && !signal.aborted && Date.now() < deadline);
}

/** Each kind by itself: a file that was open before and is closed now must not hide a timer that is new. */
function isBusier(before: Activity): boolean {
  return [...activity()].some(([kind, count]) => count > (before.get(kind) ?? 0));
}

/** Waits two turns of the event loop, after which unhandled rejections are known. */
async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (backgroundErrors.length > 0) return;
  await new Promise((resolve) => setTimeout(resolve, CHECK_MS).unref());
}
