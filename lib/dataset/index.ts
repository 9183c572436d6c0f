// Brings videos in: tables with a thumbnail folder, and the synthetic sample world. Knows of the store's interface alone; nothing of embeddings, models or the command line.
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
