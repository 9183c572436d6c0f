/** Wakes one sleeper, at most one ring ahead. */
export interface WakeSignal {
  notify(): void;
  /** Resolves at the next ring, at once where it rang since the last sleep, or after some time. */
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
