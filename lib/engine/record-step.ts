import * as tf from "@tensorflow/tfjs";
import { onBackend } from "./active-backend";
import { notingGradients } from "./backward";
import { KernelUnmapped } from "./errors";
import { withoutRandomness } from "./guard";
import type { FixedSpec } from "./inputs";
import { FLOAT32, typeCode } from "./native/data-type";
import type { Graph } from "./native/graph";
import { Resource } from "./native/resource";
import type { Output } from "./native/signatures";
import type { NamedValue } from "./numerics";
import { describeOrigin } from "./origins";
import { RECORDER, recorder } from "./recorder";
import { Trace, type TracedValue } from "./trace";
import type { Step } from "./types";
import { type HeldVariable, isAssigned, recordAssignment, restore } from "./variables";

/** A step recorded as operations of a graph. */
export interface RecordedStep {
  inputs: Output[];
  /** float32, as are all returned values. */
  fetches: Output[];
  targets: number[];
  /** All that it computes before it first changes a variable, in the order of its code. */
  values: NamedValue[];
}

/**
 * Records a step once: forward pass, gradients, updates.
 * @param variables the ones it may assign
 * @param lanes number of updates that run in parallel
 * @throws KernelUnmapped, RandomInStep, ValueInStep, ForeignTensor, or RunFailed if TensorFlow rejects an operation
 */
export function recordStep(
  graph: Graph,
  step: Step,
  specs: FixedSpec[],
  variables: HeldVariable[],
  lanes: number,
): RecordedStep {
  const trace = new Trace(graph, lanes);
  const inputs = specs.map(({ shape, dtype }) => graph.placeholder(shape, typeCode(dtype)));
  const record = () => {
    const results = step(...inputs.map(tensorOf)).map((result) => recorder.outputOf(result));
    const fetches = results.map((result) => fetchable(graph, result, inputs));
    for (const held of variables.filter(isAssigned)) recordAssignment(trace, held);
    const values = [...inputs.map(namedInput), ...trace.unchanged.map((value) => named(value, variables))];
    return { inputs, fetches, targets: trace.finish(fetches), values };
  };
  try {
    const guarded = () =>
      withoutRandomness(() => KernelUnmapped.naming("tensorflow", () => notingGradients(trace, () => inScope(record))));
    return onBackend(RECORDER, () => recorder.record(trace, guarded));
  } finally {
    for (const held of variables) if (isAssigned(held)) restore(held);
  }
}

function namedInput(output: Output, index: number): NamedValue {
  return { output, name: () => `input ${index} of the step` };
}

/** Names are computed on demand. */
function named({ output, from }: TracedValue, variables: HeldVariable[]): NamedValue {
  const nameOf = (resource: Resource) => variables.find((held) => held.resource === resource)?.variable.name;
  const name = () => (from instanceof Resource ? `variable ${nameOf(from)}` : `the result of ${describeOrigin(from)}`);
  return { output, name };
}

/** tf.tidy for a result that holds no tensors. */
function inScope<Result>(code: () => Result): Result {
  tf.engine().startScope();
  try {
    return code();
  } finally {
    tf.engine().endScope();
  }
}

function tensorOf(output: Output): tf.Tensor {
  return tf.engine().makeTensorFromTensorInfo(recorder.infoOf(output), recorder);
}

/** As float32, and not the fed output itself: TensorFlow refuses to fetch a placeholder. */
function fetchable(graph: Graph, output: Output, inputs: Output[]): Output {
  if (graph.typeOf(output) !== FLOAT32) return graph.operation("Cast", [output], { DstT: { type: FLOAT32 } });
  return inputs.some(({ oper }) => oper === output.oper) ? graph.operation("Identity", [output]) : output;
}
