import type { EpochRecord, RunDescription } from "../../runs";
import type { Diagnosis } from "../issues";
import type { EvaluationReport } from "../report";
import type { Thumbnails } from "./pictures";

/** Everything that the page shows. */
export interface PageContent {
  report: EvaluationReport;
  pictures: Thumbnails;
  /** Epochs of the training; no learning curves if empty. */
  history: readonly EpochRecord[];
  diagnosis: Diagnosis | null;
  /** The run that was evaluated, if it was one of a home's. */
  run: RunDescription | null;
}
