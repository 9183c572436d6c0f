import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";

/** Frames looked at first, which suffice for most; each one costs, and a trace looks at hundreds of stacks. */
const SHALLOW = 12;

/** tfjs's gradients lie some thirty deep. */
const DEEP = 60;

const OURS = __dirname + sep;

/** tfjs's files, and the sources that its maps speak of, which are not there. */
const TFJS = /[\\/](node_modules[\\/]@tensorflow|tfjs-[\w-]+[\\/]src)[\\/]/;

/** A frame of the stack; its line is looked up on demand, because that takes a hundred times as long. */
export type Frame = NodeJS.CallSite;

/** The frame that called a kernel of tfjs while it is being recorded: the first from the top that belongs to neither. */
export function usersFrame(): Frame | undefined {
  return usersFrameWithin(SHALLOW) ?? usersFrameWithin(DEEP);
}

function usersFrameWithin(depth: number): Frame | undefined {
  const { prepareStackTrace } = Error;
  const stack: { stack?: unknown } = {};
  Error.prepareStackTrace = (_error, frames) => frames.find((frame) => isUsers(frame.getFileName()));
  try {
    withDeepStacks(() => Error.captureStackTrace(stack, tf.engine().runKernel), depth);
    return stack.stack as Frame | undefined;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** Runs code whose errors tell the whole way to where they were thrown. */
export function withDeepStacks<Result>(code: () => Result, depth = DEEP): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = depth;
  try {
    return code();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Such as "lib/model/layers.ts:31:14", the line as the user wrote it. */
export function findPlace(frame: Frame): string {
  const format = Error.prepareStackTrace;
  const stack = format ? String(format(new Error("frame"), [frame])) : `\n    at ${frame.toString()}`;
  return placeIn(stack) ?? frame.toString();
}

/** The place that the code running now was called from. */
export function presentPlace(): string | undefined {
  return withDeepStacks(() => placeIn(new Error("here").stack ?? ""));
}

/** The first place in a printed stack that is the user's. */
export function placeIn(stack: string): string | undefined {
  for (const [, location] of stack.matchAll(/^ {4}at (?:.*\()?(.+?:\d+:\d+)\)?$/gm)) {
    const [, file, position] = /^(.*?)(:\d+:\d+)$/.exec(location as string) as unknown as [string, string, string];
    if (isUsers(file)) return shortened(toPath(file)) + position;
  }
  return undefined;
}

const known = new Map<string, boolean>();

function isUsers(file: string | null | undefined): boolean {
  if (!file) return false;
  const answer = known.get(file) ?? !(file.startsWith("node:") || toPath(file).startsWith(OURS) || TFJS.test(file));
  known.set(file, answer);
  return answer;
}

function toPath(file: string): string {
  return file.startsWith("file:") ? fileURLToPath(file) : file;
}

/** Relative to the working directory where it lies below that. */
function shortened(path: string): string {
  const short = relative(process.cwd(), path);
  return !isAbsolute(path) || short.startsWith("..") ? path : short;
}
