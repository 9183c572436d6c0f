import type { EpochRecord } from "../../training";
import { type WandbLogger, WandbUnavailable } from "./wandb";

/** Something a person should read. */
interface Notice {
  kind: "notice";
  message: string;
}

/**
 * Passes a run's events on and logs its epochs to Weights & Biases. Where that cannot be used, a notice says so and
 * the run goes on.
 * @param open such as `() => WandbLogger.open(name, config)`
 */
export async function* withWandb<Event extends { kind: string }, Result>(
  run: AsyncGenerator<Event | EpochRecord, Result>,
  open: () => Promise<WandbLogger>,
): AsyncGenerator<Event | EpochRecord | Notice, Result> {
  const logger = await open().catch((error: unknown) => {
    if (error instanceof WandbUnavailable) return error;
    throw error;
  });
  if (logger instanceof WandbUnavailable) {
    yield { kind: "notice", message: logger.message };
    return yield* run;
  }
  try {
    for (;;) {
      const { done, value } = await run.next();
      if (done) return value;
      if (isEpoch(value)) logger.epoch(value);
      yield value;
    }
  } finally {
    // Left early or failed, the run still closes what it has open.
    await run.return(undefined as Result);
    await logger.finish();
  }
}

function isEpoch(event: { kind: string }): event is EpochRecord {
  return event.kind === "epoch";
}
