import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import * as koffi from "koffi";
import { hold } from "./hold";
import { filterStandardError } from "./standard-error";

/** absl's severities: messages at or above the set level are written. */
const ERROR = 2;
const FATAL = 3;
const FRAMEWORK = process.platform === "darwin" ? "libtensorflow_framework.2.dylib" : "libtensorflow_framework.so.2";
/** Symbol of absl::SetMinLogLevel(absl::LogSeverityAtLeast) in TensorFlow 2.21; the C API has no function for it. */
const SET_MIN_LOG_LEVEL = "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE";
/** What TensorFlow logs on every start, while it is loading and ignores the level: information, and that it logs. */
const CHATTER = /^I\d{4} |^WARNING: All log messages before absl::InitializeLog/;

let setMinLogLevel: ((level: number) => void) | undefined;

/**
 * Loads the logging part of TensorFlow, and limits it to errors on stderr. Does nothing if TF_CPP_MIN_LOG_LEVEL
 * is set.
 * @param path path of libtensorflow_cc
 */
export function logErrorsOnly(path: string): void {
  if (process.env.TF_CPP_MIN_LOG_LEVEL !== undefined) return;
  const framework = join(dirname(path), FRAMEWORK);
  // Another build may lack the file or the function: its logging is then left alone.
  if (holdQuietly(framework) !== undefined) return;
  try {
    setMinLogLevel = koffi.load(framework).func(SET_MIN_LOG_LEVEL, "void", ["int"]);
  } catch {
    return;
  }
  setMinLogLevel(ERROR);
}

/** Does synchronous work whose failures TensorFlow returns, and suppresses what it logs about them meanwhile. */
export function withoutLog<Result>(work: () => Result): Result {
  setMinLogLevel?.(FATAL);
  try {
    return work();
  } finally {
    setMinLogLevel?.(ERROR);
  }
}

/** The file descriptor belongs to the process: two threads must not redirect it at once. */
function holdQuietly(framework: string): string | undefined {
  if (!isMainThread || !hasAvx()) return hold(framework);
  return filterStandardError(
    (line) => !CHATTER.test(line),
    () => hold(framework),
  );
}

/**
 * Whether the processor has the instructions TensorFlow is built for; otherwise TensorFlow says so while loading, and
 * ends the process.
 */
function hasAvx(): boolean {
  if (process.arch !== "x64" || process.platform !== "linux") return true;
  try {
    return /^flags\s*:.* avx /m.test(readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return false;
  }
}
