import * as tf from "@tensorflow/tfjs";
import { ForeignTensor, ValueInStep, ValueInTensorFlow } from "./errors";
import { FLOAT32, typeCode, typeName } from "./native/data-type";
import type { Resource } from "./native/resource";
import type { Output } from "./native/signatures";
import { describeOrigin } from "./origins";
import type { Trace } from "./trace";

/** What a tensor of this backend stands for: values known to JavaScript, a value of a graph, or a variable. */
type Content = { values: tf.BackendValues } | { output: Output; trace: Trace } | { resource: Resource };

interface Entry {
  content: Content;
  shape: number[];
  /** tfjs's count of the tensors that share this data. */
  references: number;
}

type Plain = Float32Array | Int32Array | Uint8Array;

/**
 * Name of the tfjs backend whose kernels record operations of a TensorFlow graph instead of computing. It differs each
 * time this module is loaded: engines opened before a notebook reloaded the code keep their own.
 */
export const RECORDER = `tensorflow-graph-${process.hrtime.bigint()}`;

class Recorder extends tf.KernelBackend {
  readonly #entries = new WeakMap<object, Entry>();
  #count = 0;
  #trace: Trace | undefined;

  /** The step that is being recorded. */
  get trace(): Trace {
    if (!this.#trace) throw new ValueInTensorFlow("a tensor used outside of a step");
    return this.#trace;
  }

  get isRecording(): boolean {
    return this.#trace !== undefined;
  }

  /**
   * Records what `code` does, then returns to the previous trace, because a step may compile a step of another engine.
   */
  record<Result>(trace: Trace, code: () => Result): Result {
    const before = this.#trace;
    this.#trace = trace;
    try {
      return code();
    } finally {
      this.#trace = before;
    }
  }

  /** Makes a tfjs tensor for a value of the graph. */
  infoOf(output: Output): tf.TensorInfo {
    const { graph } = this.trace;
    const shape = graph.shapeOf(output);
    const dtype = typeName(graph.typeOf(output));
    return { dataId: this.#add({ output, trace: this.trace }, shape), shape, dtype };
  }

  /** Makes a tfjs tensor that stands for a variable's value. */
  infoOfResource(resource: Resource): tf.TensorInfo {
    return { dataId: this.#add({ resource }, resource.shape), shape: resource.shape, dtype: "float32" };
  }

  /**
   * The value of the graph that a tensor stands for, at this point of the step.
   * @throws ForeignTensor
   */
  outputOf(tensor: tf.TensorInfo): Output {
    const content = this.#entries.get(tensor.dataId)?.content;
    if (!content) return this.#constant(valuesElsewhere(tensor), tensor);
    if ("values" in content) return this.#constant(content.values as Plain, tensor);
    if ("resource" in content) return this.trace.graph.cast(this.trace.read(this.resourceOf(tensor)), FLOAT32);
    if (content.trace !== this.trace) throw new ForeignTensor(this.#describe({ content, shape: tensor.shape }));
    return content.output;
  }

  /** Same, in the type in which it is stored: of a large float16 table only the gathered rows should be cast. */
  storedOutputOf(tensor: tf.TensorInfo): Output {
    const content = this.#entries.get(tensor.dataId)?.content;
    const isVariable = content !== undefined && "resource" in content;
    return isVariable ? this.trace.read(this.resourceOf(tensor)) : this.outputOf(tensor);
  }

  /** The variable that a tensor stands for; it must belong to the graph being recorded. */
  resourceOf(tensor: tf.TensorInfo): Resource {
    const content = this.#entries.get(tensor.dataId)?.content;
    if (!content || !("resource" in content) || content.resource.graph !== this.trace.graph)
      throw new ForeignTensor(describe(tensor));
    return content.resource;
  }

  #describe({ content, shape }: Pick<Entry, "content" | "shape">): string {
    if ("resource" in content) return `a variable [${shape}]`;
    if (!("output" in content)) return `a tensor [${shape}]`;
    const { graph } = content.trace;
    const origin = graph.findOrigin(graph.nameOf(content.output));
    return `${origin ? `the result of ${describeOrigin(origin)}` : "an input"} [${shape}]`;
  }

  #constant(values: Plain, { shape, dtype }: tf.TensorInfo): Output {
    return this.trace.graph.constant(toPlain(values, dtype), shape, typeCode(dtype));
  }

  #add(content: Content, shape: number[]): object {
    const dataId = {};
    this.#entries.set(dataId, { content, shape, references: 1 });
    this.#count++;
    return dataId;
  }

  override write(values: tf.BackendValues, shape: number[]): object {
    return this.#add({ values }, shape);
  }

  override move(dataId: object, values: tf.BackendValues, shape: number[], _dtype: string, references: number): void {
    this.#entries.set(dataId, { content: { values }, shape, references });
    this.#count++;
  }

  override readSync(dataId: object): tf.BackendValues {
    const entry = this.#entries.get(dataId);
    if (entry && "values" in entry.content) return entry.content.values;
    const what = entry ? this.#describe(entry) : "a tensor";
    throw this.isRecording ? new ValueInStep(what) : new ValueInTensorFlow(what);
  }

  override async read(dataId: object): Promise<tf.BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: object, force = false): boolean {
    const entry = this.#entries.get(dataId);
    if (entry && --entry.references > 0 && !force) return false;
    if (this.#entries.delete(dataId)) this.#count--;
    return true;
  }

  override incRef(dataId: object): void {
    const entry = this.#entries.get(dataId);
    if (entry) entry.references++;
  }

  decRef(dataId: object): void {
    const entry = this.#entries.get(dataId);
    if (entry) entry.references--;
  }

  override refCount(dataId: object): number {
    return this.#entries.get(dataId)?.references ?? 0;
  }

  override numDataIds(): number {
    return this.#count;
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: true };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override timerAvailable(): boolean {
    return false;
  }

  override dispose(): void {}
}

/** One for all engines of a process, because tfjs looks kernels up by the backend's name. */
export const recorder = new Recorder();

/**
 * Values of a tensor held by another tfjs backend. A variable would be frozen at its present value, so it is rejected.
 */
function valuesElsewhere(tensor: tf.TensorInfo): Plain {
  const holder = tf.engine().state.tensorInfo.get(tensor.dataId)?.backend;
  if (!holder || tensor instanceof tf.Variable) throw new ForeignTensor(describe(tensor));
  return holder.readSync(tensor.dataId) as Plain;
}

function toPlain(values: Plain, dtype: string): Plain {
  if (dtype === "bool") return Uint8Array.from(values, Number);
  if (dtype === "int32") return Int32Array.from(values);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

function describe(tensor: tf.TensorInfo): string {
  return `${tensor instanceof tf.Variable ? `variable ${tensor.name}` : "a tensor"} [${tensor.shape}]`;
}
