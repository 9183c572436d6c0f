import { join } from "node:path";
import { ThumbrankError } from "../../base";
import { HISTORY, TrainingHistory } from "./history";
import type { LoggedRun, RunLogger } from "./logger";
import { TensorBoardWriter } from "./tensorboard";
import { WandbLogger, wantsWandb } from "./wandb";

interface LoggerRow {
  name: string;
  /** Whether the run continues, with a notice, if the logger cannot be opened. */
  isOptional: boolean;
  /** @returns null if it was not requested */
  open(run: LoggedRun): Promise<RunLogger | null>;
}

/** All loggers of a run. To add one, add a row here. */
export const LOGGERS: readonly LoggerRow[] = [
  {
    name: "training_history.json",
    isOptional: false,
    open: ({ name, paths, history }) => TrainingHistory.open(join(paths.runs, name, HISTORY), history),
  },
  {
    // Where the guide looks for it: the run that was trained last.
    name: "models/training_history.json",
    isOptional: false,
    open: ({ paths, history }) => TrainingHistory.open(join(paths.models, HISTORY), history),
  },
  {
    name: "TensorBoard",
    isOptional: false,
    open: async ({ name, paths, firstEpoch, settings }) => {
      const writer = await TensorBoardWriter.open(join(paths.runs, name), firstEpoch);
      await writer.hyperparameters(name, settings);
      return writer;
    },
  },
  {
    name: "Weights & Biases",
    isOptional: true,
    open: async ({ name, options, environment }) =>
      (await wantsWandb(environment)) ? WandbLogger.open(name, options) : null,
  },
];

/** Opens all loggers of a run as one. @returns also notices about those that cannot be used */
export async function openLoggers(
  run: LoggedRun,
  rows: readonly LoggerRow[] = LOGGERS,
): Promise<Required<RunLogger> & { notices: string[] }> {
  const opened: RunLogger[] = [];
  const notices: string[] = [];
  for (const { isOptional, open } of rows) {
    try {
      const logger = await open(run);
      if (logger !== null) opened.push(logger);
    } catch (thrown) {
      if (!isOptional || !(thrown instanceof ThumbrankError)) throw thrown;
      notices.push(thrown.message);
    }
  }
  return {
    notices,
    async epoch(record) {
      for (const logger of opened) await logger.epoch(record);
    },
    async finished(result) {
      for (const logger of opened) await logger.finished?.(result);
    },
    async close() {
      for (const logger of opened) await logger.close();
    },
  };
}
