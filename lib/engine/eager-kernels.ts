import * as tf from "@tensorflow/tfjs";
import { countElements } from "./inputs";
import { STATELESS_UNIFORM } from "./kernel-names";
import { statelessUniform } from "./philox";

type Kernel = Parameters<typeof tf.registerKernel>[0]["kernelFunc"];
type Inputs = Parameters<Kernel>[0]["inputs"];

/** Gives the uncompiled backends the kernels that our steps need and they lack; registering again replaces them. */
export function registerEagerKernels(): void {
  for (const backend of ["cpu", "wasm", "tensorflow"]) register(STATELESS_UNIFORM, backend, uniformKernel);
  register(tf.UnsortedSegmentSum, "wasm", segmentSumKernel);
}

function register(kernelName: string, backendName: string, kernelFunc: Kernel): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

const uniformKernel: Kernel = ({ inputs, attrs, backend }) => {
  const shape = attrs?.shape as number[];
  const [seed] = valuesOf(inputs, "seed", backend);
  return made(statelessUniform(countElements(shape), seed as number, attrs?.site as number), shape, backend);
};

/** Gradient of tf.gather: rows of x [rows, ...] are summed by segment. */
const segmentSumKernel: Kernel = ({ inputs, attrs, backend }) => {
  const numSegments = attrs?.numSegments as number;
  const x = valuesOf(inputs, "x", backend);
  const segments = valuesOf(inputs, "segmentIds", backend);
  const rest = (inputs.x as tf.TensorInfo).shape.slice((inputs.segmentIds as tf.TensorInfo).shape.length);
  const width = countElements(rest);
  const sums = new Float32Array(numSegments * width);
  segments.forEach((segment, row) => {
    for (let column = 0; column < width; column++) sums[segment * width + column]! += x[row * width + column]!;
  });
  return made(sums, [numSegments, ...rest], backend);
};

function valuesOf(inputs: Inputs, name: string, backend: object): Float32Array | Int32Array {
  return (backend as tf.KernelBackend).readSync((inputs[name] as tf.TensorInfo).dataId) as Float32Array | Int32Array;
}

function made(values: Float32Array, shape: number[], backend: object): tf.TensorInfo {
  return { dataId: (backend as tf.KernelBackend).write(values, shape, "float32"), shape, dtype: "float32" };
}
