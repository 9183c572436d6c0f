import type { Paths, TrainingOptions } from "../../config";
import type { EpochRecord } from "../../training";

/** What a logger may know of the run it logs. */
export interface LoggedRun {
  name: string;
  paths: Pick<Paths, "models" | "runs">;
  options: TrainingOptions;
  /** Records of the epochs before a resume. */
  history: readonly EpochRecord[];
  /** The first epoch that it logs, counted from 0. */
  firstEpoch: number;
  /** Where logins and switches are looked up. */
  environment: NodeJS.ProcessEnv;
}

/** Takes the records of a run and shows them somewhere. */
export interface RunLogger {
  epoch(record: EpochRecord): Promise<void>;
  close(): Promise<void>;
}
