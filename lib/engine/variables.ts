import * as tf from "@tensorflow/tfjs";
import { onBackend } from "./active-backend";
import { toBfloat16, toFloat16 } from "./float16";
import { FLOAT16, FLOAT32 } from "./native/data-type";
import type { Graph } from "./native/graph";
import { lentTensor } from "./native/lendable";
import { Resource } from "./native/resource";
import type { RunPlan } from "./native/session";
import { type FedTensor, NativeTensor } from "./native/tensor";
import { RECORDER, recorder } from "./recorder";
import type { Trace } from "./trace";
import type { VariableValues } from "./types";

/**
 * Most bytes that one run hands over: each run with other feeds costs time on a big graph, and each byte is held twice.
 */
const BATCH_BYTES = 256e6;

/** A tfjs variable that stands for a TensorFlow variable. */
export interface HeldVariable {
  variable: tf.Variable;
  resource: Resource;
  /** Shares the variable's data, so that assign() in a step can be seen and undone. */
  anchor: tf.Tensor;
}

const heldVariables = new WeakMap<tf.Variable, HeldVariable>();

/** Makes a tfjs variable for a new one of the graph; set its value before it is read. */
export function holdVariable(resource: Resource, trainable: boolean, name: string): HeldVariable {
  return onBackend(RECORDER, () => {
    const anchor = tf.keep(tf.engine().makeTensorFromTensorInfo(recorder.infoOfResource(resource), recorder));
    const variable = copyingVariables(tf.variable(anchor, trainable, name));
    const held = { resource, anchor, variable };
    heldVariables.set(variable, held);
    return held;
  });
}

/** Assigning one variable to another shares their data; within a step it must take the current value instead. */
function copyingVariables(variable: tf.Variable): tf.Variable {
  const assign = variable.assign.bind(variable);
  variable.assign = (value: tf.Tensor) =>
    assign(recorder.isRecording && value instanceof tf.Variable ? value.clone() : value);
  return variable;
}

/** Whether variable.assign() gave it another tensor's data. */
export function isAssigned({ variable, anchor }: HeldVariable): boolean {
  return variable.dataId !== anchor.dataId;
}

/**
 * If variable.assign() in a step gave the variable another tensor's data, records that as an update of the step and
 * makes the variable stand for TensorFlow's again.
 */
export function recordAssignment(trace: Trace, held: HeldVariable): void {
  const { variable, resource } = held;
  const value = recorder.outputOf({ dataId: variable.dataId, shape: variable.shape, dtype: variable.dtype });
  restore(held);
  trace.update({ resources: [resource], inputs: [value], record: (after) => resource.assign(value, after) });
}

/**
 * The TensorFlow variable that an in-place update changes; earlier assignments are recorded first.
 * @throws ForeignTensor if the variable does not belong to the graph being recorded
 */
export function resourceToUpdate(trace: Trace, variable: tf.Variable): Resource {
  const held = heldVariables.get(variable);
  if (held && isAssigned(held)) recordAssignment(trace, held);
  return recorder.resourceOf(variable);
}

/** Undoes variable.assign(). */
export function restore({ variable, anchor }: HeldVariable): void {
  onBackend(RECORDER, () => variable.assign(anchor));
}

/**
 * Makes a variable of the graph that stores such values: a Uint16Array holds halves.
 * @param rounded whether float32 is stored in the type of the graph's products
 */
export function resourceFor(graph: Graph, values: VariableValues, shape: number[], rounded = false): Resource {
  const floats = rounded ? graph.productType : FLOAT32;
  return new Resource(graph, shape, values instanceof Uint16Array ? FLOAT16 : floats);
}

/** Values pending for TensorFlow before the next run. They are held in its memory, not in JavaScript's. */
export class Writes {
  #waiting = new Map<Resource, FedTensor>();

  /** @param lend whether TensorFlow may use the memory of the values, if it can */
  set(resource: Resource, values: VariableValues, lend = false): void {
    this.drop(resource);
    const { graph, type, shape } = resource;
    const stored = storedAs(type, values);
    const lent = lend ? lentTensor(graph.api, stored, type, shape) : undefined;
    this.#waiting.set(resource, lent ?? NativeTensor.of(graph.api, stored, type, shape));
  }

  drop(resource: Resource): void {
    this.#waiting.get(resource)?.dispose();
    this.#waiting.delete(resource);
  }

  /** Takes the pending values, in runs of bounded size. */
  take(): RunPlan[] {
    const plans: RunPlan[] = [];
    let sizeBytes = Number.POSITIVE_INFINITY;
    for (const [{ setter }, tensor] of this.#waiting) {
      if (sizeBytes + tensor.sizeBytes > BATCH_BYTES) {
        plans.push({ feeds: [], fetches: [], targets: [] });
        sizeBytes = 0;
      }
      const plan = plans[plans.length - 1]!;
      plan.feeds.push({ output: setter.value, tensor });
      plan.targets.push(setter.operation);
      sizeBytes += tensor.sizeBytes;
    }
    this.#waiting = new Map();
    return plans;
  }
}

function storedAs(type: number, values: VariableValues): VariableValues {
  if (type === FLOAT32 || values instanceof Uint16Array) return values;
  const halves = new Uint16Array(values.length);
  (type === FLOAT16 ? toFloat16 : toBfloat16)(values, halves);
  return halves;
}
