/** Wakes one sleeper, at most one ring ahead. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, at once where it rang since the last sleep, or after some time. */
  rung(timeoutMs?: number): Promise<void>;
}

export function newBell(): Bell {
  let hasRung = false;
  let wake: () => void = () => {};
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async rung(timeoutMs) {
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
