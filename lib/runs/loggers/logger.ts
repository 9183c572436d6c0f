import type { Paths, TrainingOptions } from "../../config";
import type { EpochRecord, TrainingResult } from "../../training";

/** What a logger may know about the run it logs. */
export interface LoggedRun {
  name: string;
  paths: Pick<Paths, "models" | "runs">;
  options: TrainingOptions;
  /** All settings and the encoders, for tables of runs. */
  settings: Record<string, unknown>;
  /** Records of the epochs before a resume. */
  history: readonly EpochRecord[];
  /** The first epoch to log, counted from 0. */
  firstEpoch: number;
  /** Environment in which logins and switches are looked up. */
  environment: NodeJS.ProcessEnv;
}

/** Receives the records of a run and shows them somewhere. */
export interface RunLogger {
  epoch(record: EpochRecord): Promise<void>;
  /** Receives the result of a run that was trained to its end. */
  finished?(result: TrainingResult): Promise<void>;
  close(): Promise<void>;
}
