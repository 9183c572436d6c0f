import * as tf from "@tensorflow/tfjs";
import { RECORDER, recorder } from "../recorder";
import { activations } from "./activations";
import { arithmetic, normalisation } from "./arithmetic";
import { KernelCall, type KernelTable, type RecordKernel } from "./call";
import { convolutions } from "./convolution";
import { creation } from "./creation";
import { blocks } from "./layout";
import { matmul } from "./matmul";
import { pictures } from "./pictures";
import { dilation, pooling } from "./pooling";
import { reductions } from "./reductions";
import { counting, selection } from "./selection";
import { shape } from "./shape";
import { volumes } from "./volumes";

export const families: Record<string, KernelTable> = {
  activations,
  arithmetic,
  blocks,
  convolutions,
  counting,
  creation,
  dilation,
  matmul,
  normalisation,
  pictures,
  pooling,
  reductions,
  selection,
  shape,
  volumes,
};

/** Every kernel that can be compiled. */
export const kernels: KernelTable = Object.assign({}, ...Object.values(families));

/** Registers the recording backend's kernels. Call once. */
export function registerKernels(): void {
  for (const [kernelName, record] of Object.entries(kernels)) register(kernelName, record);
}

function register(kernelName: string, record: RecordKernel): void {
  tf.registerKernel({
    kernelName,
    backendName: RECORDER,
    kernelFunc: (parameters) => {
      const { trace } = recorder;
      const call = new KernelCall(trace.graph, parameters, (tensor) => recorder.outputOf(tensor));
      const outputs = trace.noting(kernelName, () => record(call));
      return Array.isArray(outputs) ? outputs.map((output) => recorder.infoOf(output)) : recorder.infoOf(outputs);
    },
  });
}
