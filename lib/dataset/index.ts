// Imports videos: tables with a thumbnail folder, and the synthetic sample world. Knows only the store's interface, and
// nothing about embeddings, models or the command line.
export * from "./errors";
export { type ImportOptions, type ImportReport, importTable } from "./import";
export { ImportRefused, type Refusal, type RefusalCode } from "./refusal";
export { type Factors, trueAppeal } from "./sample/appeal";
export { writeFlawedTable } from "./sample/flawed";
export { isSampleImported } from "./sample/imported";
export { readTruth, SampleTruthDamaged } from "./sample/truth";
export { COLLECTED_AT, type SampleVideo, sampleWorld, type WorldOptions } from "./sample/world";
export {
  isSampleWritten,
  readTrueAppeal,
  type SampleFiles,
  sampleFiles,
  sampleFolder,
  writeSample,
} from "./sample/write";
