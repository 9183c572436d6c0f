import * as tf from "@tensorflow/tfjs";
import { onBackend } from "./active-backend";
import { FLOAT32 } from "./native/data-type";
import type { Graph } from "./native/graph";
import { Resource } from "./native/resource";
import type { RunPlan } from "./native/session";
import { NativeTensor } from "./native/tensor";
import { RECORDER, recorder } from "./recorder";

/** Most bytes that one run hands over: each run with other feeds costs time on a big graph, each byte is held twice. */
const BATCH_BYTES = 256e6;

/** A variable of tfjs that stands for one of TensorFlow. */
export interface HeldVariable {
  variable: tf.Variable;
  resource: Resource;
  /** Shares the variable's data, so that assign() in a step can be seen and undone. */
  anchor: tf.Tensor;
}

/** Makes a variable of tfjs for a new one in the graph; its value is to be set before it is read. */
export function holdVariable(graph: Graph, shape: number[], trainable: boolean, name: string): HeldVariable {
  const resource = new Resource(graph, shape);
  return onBackend(RECORDER, () => {
    const anchor = tf.keep(tf.engine().makeTensorFromTensorInfo(recorder.infoOfResource(resource), recorder));
    return { resource, anchor, variable: tf.variable(anchor, trainable, name) };
  });
}

/** Whether variable.assign() gave it the data of another tensor. */
export function isAssigned({ variable, anchor }: HeldVariable): boolean {
  return variable.dataId !== anchor.dataId;
}

/** Undoes variable.assign(). */
export function restore({ variable, anchor }: HeldVariable): void {
  onBackend(RECORDER, () => variable.assign(anchor));
}

/** Values that wait to be handed to TensorFlow before the next run. They are held in its memory, not in JavaScript's. */
export class Writes {
  #waiting = new Map<Resource, NativeTensor>();

  set(resource: Resource, values: Float32Array): void {
    this.drop(resource);
    const { api } = resource.graph;
    this.#waiting.set(resource, NativeTensor.of(api, values, FLOAT32, resource.shape));
  }

  drop(resource: Resource): void {
    this.#waiting.get(resource)?.dispose();
    this.#waiting.delete(resource);
  }

  /** Takes what waits, in runs of bounded size. */
  take(): RunPlan[] {
    const plans: RunPlan[] = [];
    let sizeBytes = Number.POSITIVE_INFINITY;
    for (const [{ setter }, tensor] of this.#waiting) {
      if (sizeBytes + tensor.sizeBytes > BATCH_BYTES) {
        plans.push({ feeds: [], fetches: [], targets: [] });
        sizeBytes = 0;
      }
      const plan = plans[plans.length - 1] as RunPlan;
      plan.feeds.push({ output: setter.value, tensor });
      plan.targets.push(setter.operation);
      sizeBytes += tensor.sizeBytes;
    }
    this.#waiting = new Map();
    return plans;
  }
}
