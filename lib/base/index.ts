/**
 * Base: errors, randomness, text, progress and stages of work, which every room may use. It must not know about
 * thumbnails, files or settings.
 */

export { addScaled, at, bytesOf, concatenated, dot, groupBy } from "./arrays";
export { writeCsv } from "./csv";
export { durationSeconds } from "./duration";
export { type ErrorFacts, errorCode, FileUnusable, findFileError, messageOf, ThumbrankError } from "./errors";
export { escapeControls, escapeHtml, escapeLine, jsonForScript, shortened, shortenedInMiddle } from "./escape";
export { languageTag, primaryLanguage } from "./language";
export { listed } from "./listed";
export { disableOnnxTelemetry } from "./onnx-telemetry";
export { finish, type Progress } from "./progress";
export { alreadyThere, duration, endLine, Pace, pace, progressLine } from "./progress-line";
export { proxyHosts, useProxy } from "./proxy";
export { hashSeed, permutation, type Random, random } from "./random";
export { listTokens, withoutSecrets } from "./secrets";
export { runStage, type Stage, type StageRunner } from "./stages";
export { rankedLabels, thumbnailLabels } from "./thumbnail-labels";
export { readWebAddress, unquoted } from "./web-address";
