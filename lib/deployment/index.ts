/**
 * Deployment: exports a trained model as a version of its folder, loads it again, ranks pictures with it, and predicts a home's
 * videos. Others may export, load, rank and predict; the command line and the service print what `rank` returns.
 * It must not know how a model is trained or evaluated: it receives weights, calibration and metrics.
 */
export { ModelCard } from "./card";
export { type Decision, decisionText, percentText } from "./decision";
export { type Candidate, type RankImage, withTitles } from "./embed";
export { type Encoders, openEncoders } from "./encoders";
export * from "./errors";
export { type ExplainRequest, type Explanation, explain } from "./explain";
export { exportModel, type TrainedModel } from "./export-model";
export { CLIP_FILE, exportPage } from "./export-page";
export { exportRun, trainingChannels } from "./export-run";
export { inputTensor, type NamedTensor, OUTPUT_TENSORS, shapeOf } from "./folder/tensors";
export { type LoadedModel, loadModel } from "./load-model";
export { evaluatedMetrics } from "./metrics";
export { buildOnnx } from "./onnx/export";
export { buildVisionOnnx } from "./onnx/vision";
export { subScoreText, writeRankingPage } from "./page";
export { type ScoreQuantiles, scoreQuantiles } from "./percentile";
export { type HomePredictions, predictHome } from "./predict-home";
export { type RankedImage, type Ranking, type RankingGrid, type RankRequest, rank, rankCandidates } from "./rank";
export {
  type ListedVersion,
  listModels,
  type ModelVersion,
  resolveModel,
  resolveModelPath,
  setCurrentVersion,
} from "./versions";
