import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as tf from "@tensorflow/tfjs";
import { type Line, lineThrough } from "./line";

/** Memory at one moment of a training. */
export interface Sample {
  step: number;
  rssBytes: number;
  /** JavaScript's heap after a collection of garbage. */
  heapBytes: number;
  /** Of tfjs. */
  tensors: number;
}

/** Growth of one kind of memory. */
export interface Growth extends Line {
  /** MB per 10,000 steps, as `slope` and `error` are. */
  allowed: number;
  grows: boolean;
}

const collectGarbage = garbageCollector();

export function sampleAt(step: number): Sample {
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  return { step, rssBytes: rss, heapBytes: heapUsed, tensors: tf.memory().numTensors };
}

/** Whether a kind of memory grows by more than is allowed, beyond three standard errors. */
export function growthOf(samples: readonly Sample[], kind: "rssBytes" | "heapBytes", allowed: number): Growth {
  const steps = samples.map(({ step }) => step / 1e4);
  const line = lineThrough(
    steps,
    samples.map((sample) => sample[kind] / 1e6),
  );
  return { ...line, allowed, grows: line.slope - 3 * line.error > allowed };
}

/** node's own, which is there without --expose-gc too, once it is asked for. */
function garbageCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}
