import type * as tf from "@tensorflow/tfjs";
import { FLOAT32, INT32 } from "../native/data-type";
import type { Attributes, Graph } from "../native/graph";
import type { Output } from "../native/signatures";

type KernelParameters = Parameters<Parameters<typeof tf.registerKernel>[0]["kernelFunc"]>[0];

/** Records a kernel. */
export type RecordKernel = (call: KernelCall) => Output | Output[];

/** Kernels of one family, by tfjs's names. */
export type KernelTable = Record<string, RecordKernel>;

/**
 * One call of a kernel while a step is recorded: its inputs as values of the graph, its attributes with their types.
 */
export class KernelCall {
  readonly #inputs: KernelParameters["inputs"];
  readonly #attributes: NonNullable<KernelParameters["attrs"]>;
  readonly #outputOf: (tensor: tf.TensorInfo) => Output;

  constructor(
    readonly graph: Graph,
    { inputs, attrs }: KernelParameters,
    outputOf: (tensor: tf.TensorInfo) => Output,
  ) {
    this.#inputs = inputs;
    this.#attributes = attrs ?? {};
    this.#outputOf = outputOf;
  }

  has(name: string): boolean {
    return this.#inputs[name] !== undefined && this.#inputs[name] !== null;
  }

  tensor(name: string): tf.TensorInfo {
    return this.#inputs[name] as tf.TensorInfo;
  }

  input(name: string): Output {
    return this.#outputOf(this.tensor(name));
  }

  /** All tensors, in order. */
  tensors(): tf.TensorInfo[] {
    return Object.values(this.#inputs) as tf.TensorInfo[];
  }

  /** All inputs, in order. */
  inputs(): Output[] {
    return this.tensors().map((tensor) => this.#outputOf(tensor));
  }

  shape(name: string): number[] {
    return this.tensor(name).shape;
  }

  /** An attribute of the type that tfjs declares. */
  attribute<Value>(name: string): Value {
    return this.#attributes[name] as Value;
  }

  number(name: string): number {
    return this.attribute<number>(name);
  }

  /** A list for which tfjs also accepts a single number. */
  numbers(name: string): number[] {
    return [this.attribute<number | number[]>(name)].flat();
  }

  boolean(name: string): boolean {
    return Boolean(this.#attributes[name]);
  }

  op(type: string, inputs: (Output | Output[])[], attributes: Attributes = {}): Output {
    return this.graph.operation(type, inputs, attributes);
  }

  /** A constant of the same type as an input. */
  like(name: string, value: number): Output {
    return this.tensor(name).dtype === "int32" ? this.graph.integer(value) : this.graph.float(value);
  }

  cast(output: Output, type: number): Output {
    return this.graph.cast(output, type);
  }

  float(output: Output): Output {
    return this.cast(output, FLOAT32);
  }

  integer(output: Output): Output {
    return this.cast(output, INT32);
  }
}
