import type { PairOptions, TrainingOptions } from "../config";
import type { EpochRecord } from "../runs";
import { aucStuck, type Diagnosis, lowCorrelation, overfitting } from "./issues";
import type { EvaluationReport } from "./report";

/**
 * Looks for the guide's three issues in a training history and an evaluation, if there is one.
 * @param history epochs in order; may be empty if only a report is available
 * @param options the settings that the advice would change
 */
export function diagnose(
  history: readonly EpochRecord[],
  report: EvaluationReport | null,
  options: { training: TrainingOptions; proxy?: PairOptions["proxy"] },
): Diagnosis {
  const symptoms = { history, report, training: options.training, proxy: options.proxy ?? "viewsPerHour" };
  const checks = [aucStuck(symptoms), lowCorrelation(symptoms), overfitting(symptoms)];
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
