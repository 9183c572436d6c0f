import { countElements } from "../inputs";
import { elementBytes } from "./data-type";
import type { TensorFlow } from "./load";

/** A tensor that is fed to a run. */
export interface FedTensor {
  readonly pointer: number;
  readonly sizeBytes: number;
  /** Call it when no run uses the tensor any more. */
  dispose(): void;
}

/** A tensor in TensorFlow's memory. */
export class NativeTensor implements FedTensor {
  readonly pointer: number;
  readonly sizeBytes: number;
  readonly #api: TensorFlow;

  /** Allocates the tensor without initialising its values. */
  constructor(api: TensorFlow, type: number, shape: number[]) {
    this.#api = api;
    this.sizeBytes = countElements(shape) * elementBytes(type);
    this.pointer = api.TF_AllocateTensor(type, dimensions(shape), shape.length, this.sizeBytes);
  }

  /** A tensor with these values. */
  static of(api: TensorFlow, values: NodeJS.ArrayBufferView, type: number, shape: number[]): NativeTensor {
    const tensor = new NativeTensor(api, type, shape);
    tensor.write(values);
    return tensor;
  }

  write(values: NodeJS.ArrayBufferView): void {
    if (values.byteLength > 0) this.#api.copyIn(this.#api.TF_TensorData(this.pointer), values);
  }

  dispose(): void {
    this.#api.TF_DeleteTensor(this.pointer);
  }
}

/** Copies the values of a float32 tensor that TensorFlow returned, and frees it. */
export function takeValues(api: TensorFlow, pointer: number): Float32Array {
  const values = new Float32Array(api.TF_TensorByteSize(pointer) / Float32Array.BYTES_PER_ELEMENT);
  if (values.length > 0) api.copyOut(values, api.TF_TensorData(pointer));
  api.TF_DeleteTensor(pointer);
  return values;
}

/** Lengths as int64, as the C API expects them; never empty, because it requires an address. */
export function dimensions(shape: number[]): BigInt64Array {
  return BigInt64Array.from(shape.length > 0 ? shape : [0], BigInt);
}
