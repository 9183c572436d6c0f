import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import * as tf from "@tensorflow/tfjs";

/** Frames inspected first, which usually suffice; each one costs time, and a trace inspects hundreds of stacks. */
const SHALLOW = 12;

/** tfjs's gradients are about thirty frames deep. */
const DEEP = 60;

const OURS = __dirname + sep;

/** tfjs's files, and the sources that its source maps mention, which are not installed. */
const TFJS = /[\\/](node_modules[\\/]@tensorflow|tfjs-[\w-]+[\\/]src)[\\/]/;

/** A frame of the stack; its line is looked up on demand, because that takes a hundred times as long. */
export type Frame = NodeJS.CallSite;

/** The frame that called the tfjs kernel being recorded: the first from the top that belongs to neither tfjs nor us. */
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

/** Runs code whose errors carry the whole stack up to where they were thrown. */
export function withDeepStacks<Result>(code: () => Result, depth = DEEP): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = depth;
  try {
    return code();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Formats a frame's place, such as "lib/model/layers.ts:31:14", with the line as the user wrote it. */
export function findPlace(frame: Frame): string {
  const format = Error.prepareStackTrace;
  const stack = format ? String(format(new Error("frame"), [frame])) : `\n    at ${frame.toString()}`;
  return placeIn(stack) ?? frame.toString();
}

/** The place in the user's code that the running code was called from. */
export function presentPlace(): string | undefined {
  return withDeepStacks(() => placeIn(new Error("here").stack ?? ""));
}

/** The first place of a printed stack that is in the user's code. */
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

/** The path relative to the working directory if it is inside it. */
function shortened(path: string): string {
  const short = relative(process.cwd(), path);
  return !isAbsolute(path) || short.startsWith("..") ? path : short;
}
