import * as tf from "@tensorflow/tfjs";
import { RECORDER, recorder } from "../recorder";
import { activations } from "./activations";
import { arithmetic } from "./arithmetic";
import { KernelCall, type KernelTable, type RecordKernel } from "./call";
import { creation } from "./creation";
import { matmul } from "./matmul";
import { normalisation } from "./normalisation";
import { reductions } from "./reductions";
import { selection } from "./selection";
import { shape } from "./shape";

/** Every kernel that can be compiled. */
export const kernels: KernelTable = {
  ...activations,
  ...arithmetic,
  ...creation,
  ...matmul,
  ...normalisation,
  ...reductions,
  ...selection,
  ...shape,
};

/** Gives the recording backend its kernels. Call once. */
export function registerKernels(): void {
  for (const [kernelName, record] of Object.entries(kernels)) register(kernelName, record);
}

function register(kernelName: string, record: RecordKernel): void {
  tf.registerKernel({
    kernelName,
    backendName: RECORDER,
    kernelFunc: (parameters) => {
      const call = new KernelCall(recorder.trace.graph, parameters, (tensor) => recorder.outputOf(tensor));
      const outputs = record(call);
      return Array.isArray(outputs) ? outputs.map((output) => recorder.infoOf(output)) : recorder.infoOf(outputs);
    },
  });
}
