/**
 * Evaluation: metrics with intervals over channels, baselines, the report as JSON, text and HTML, and a diagnosis. It
 * takes predictions and data as values; only `measureRun`, `keepEvaluation` and `keepExported` know a run's files.
 * It must not know how a model computes its scores, or who prints its lines.
 */
export { BASELINES, type BaselineName, type BaselineScores, baselineScores } from "./baselines";
export type { Estimate } from "./bootstrap";
export {
  COMPARED_FIGURES,
  type ComparedRun,
  compareRuns,
  type Difference,
  type DifferingSetting,
  type RunComparison,
  verdictOnDifference,
  writeComparison,
} from "./compare";
export { diagnose, diagnosisLines } from "./diagnose";
export { type EvaluationInput, evaluate } from "./evaluate";
export { type ExportedInput, type ExportedModel, evaluateExported } from "./exported";
export { percent, verdictOnAdvantage } from "./format";
export { compareWithGuide, type GuideRow } from "./guide";
export type { Diagnosis, Finding, Issue } from "./issues";
export { type EvaluationJson, type JsonEstimate, toJson } from "./json";
export {
  type EvaluationFigures,
  evaluationFigures,
  type KeptEvaluation,
  keepEvaluation,
  keepExported,
  keptEvaluation,
  type SplitFigures,
} from "./keep";
export { type LabelTrend, labelTrends, type WithinChannels } from "./label-trends";
export { correlationName, fewChannels, gapName, SPLIT_TITLES } from "./labels";
export { measureRun } from "./measure";
export { memorisedScores, splitInHalf } from "./memory";

export { type ReportOptions, writeReport } from "./page";
export type { EvaluationReport, Metrics, NicheResult, SplitResult } from "./report";
export { type Drawn, resampledAucs, type SplitName } from "./resample";
export { summaryLines } from "./summary";
export { type Mark, TARGETS, type TargetMetric, type Verdict, verdictOn } from "./targets";
