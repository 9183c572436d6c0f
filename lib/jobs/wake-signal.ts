/** Wakes one waiter; remembers at most one notification that came while nobody waited. */
export interface WakeSignal {
  notify(): void;
  /** Resolves at the next notification, at once if one came since the last wait, or after `timeoutMs`. */
  wait(timeoutMs?: number): Promise<void>;
}

export function createWakeSignal(): WakeSignal {
  let hasRung = false;
  let wake: () => void = () => {};
  return {
    notify() {
      hasRung = true;
      wake();
    },
    async wait(timeoutMs) {
      let timer: NodeJS.Timeout | undefined;
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
        });
      }
      clearTimeout(timer);
      hasRung = false;
    },
  };
}
