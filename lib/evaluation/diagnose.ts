import type { EpochRecord } from "../runs";
import { aucStuck, type Diagnosis, lowCorrelation, overfitting, type Symptoms } from "./issues";
import { labelFollowsTime } from "./label-follows-time";
import { idlePictures } from "./picture-gain";
import type { EvaluationReport } from "./report";
import { trainedTooLong } from "./training-length";

/**
 * Looks for the guide's three issues, for too long a training, for pictures that add nothing and for labels that follow
 * upload time, in a training history and an evaluation, if there is one.
 * @param history epochs in order; may be empty if only a report is available
 * @param options the settings that the advice would change
 */
export function diagnose(
  history: readonly EpochRecord[],
  report: EvaluationReport | null,
  options: Pick<Symptoms, "training" | "folds"> & Partial<Pick<Symptoms, "proxy">>,
): Diagnosis {
  const { training, folds, proxy = "viewsPerHour" } = options;
  const symptoms = { history, report, training, folds, proxy };
  const all = [aucStuck, lowCorrelation, overfitting, trainedTooLong, idlePictures, labelFollowsTime];
  const checks = all.map((check) => check(symptoms));
  return { findings: checks.flatMap(({ finding }) => finding ?? []), looked: checks.map(({ looked }) => looked) };
}

/** Formats the diagnosis as lines of text. */
export function diagnosisLines({ findings, looked }: Diagnosis): string[] {
  if (findings.length === 0) return ["Diagnosis: nothing found.", ...looked.map((line) => `  ${line}`)];
  const lines = findings.flatMap(({ title, evidence, advice }) => [
    `${title}: ${evidence}`,
    ...advice.map((line) => `  - ${line}`),
  ]);
  return ["Diagnosis:", ...lines];
}
