import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isMainThread } from "node:worker_threads";
import * as koffi from "koffi";
import { hold } from "./hold";
import { filterStandardError } from "./standard-error";

/** absl's severities: a message is written from the level on that is set. */
const ERROR = 2;
const FATAL = 3;
const FRAMEWORK = process.platform === "darwin" ? "libtensorflow_framework.2.dylib" : "libtensorflow_framework.so.2";
/** absl::SetMinLogLevel(absl::LogSeverityAtLeast) as TensorFlow 2.21 has it; the C API has no function for it. */
const SET_MIN_LOG_LEVEL = "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE";
/** What TensorFlow says on every start, while it is loaded and heeds no level yet: information, and that it logs. */
const CHATTER = /^I\d{4} |^WARNING: All log messages before absl::InitializeLog/;

let setMinLogLevel: ((level: number) => void) | undefined;

/**
 * Loads the part of TensorFlow that logs, and lets it write errors to stderr and no lines about itself. They all come
 * where TF_CPP_MIN_LOG_LEVEL is set.
 * @param path of libtensorflow_cc
 */
export function logErrorsOnly(path: string): void {
  if (process.env.TF_CPP_MIN_LOG_LEVEL !== undefined) return;
  const framework = join(dirname(path), FRAMEWORK);
  // Another build may lack the file or the function: it logs as it likes.
  if (holdQuietly(framework) !== undefined) return;
  try {
    setMinLogLevel = koffi.load(framework).func(SET_MIN_LOG_LEVEL, "void", ["int"]);
  } catch {
    return;
  }
  setMinLogLevel(ERROR);
}

/** Does work, all at once, whose failures TensorFlow returns: what it logs about them meanwhile is not written. */
export function withoutLog<Result>(work: () => Result): Result {
  setMinLogLevel?.(FATAL);
  try {
    return work();
  } finally {
    setMinLogLevel?.(ERROR);
  }
}

/** The file descriptor is the process's: two threads must not redirect it at once. */
function holdQuietly(framework: string): string | undefined {
  if (!isMainThread || !hasAvx()) return hold(framework);
  return filterStandardError(
    (line) => !CHATTER.test(line),
    () => hold(framework),
  );
}

/** Whether the processor has what TensorFlow is built for; else it says so while it is loaded, and ends the process. */
function hasAvx(): boolean {
  if (process.arch !== "x64" || process.platform !== "linux") return true;
  try {
    return /^flags\s*:.* avx /m.test(readFileSync("/proc/cpuinfo", "utf8"));
  } catch {
    return false;
  }
}
