import { describeOrigin, type Origin, Origins } from "../origins";
import { FLOAT32, INT32 } from "./data-type";
import type { TensorFlow } from "./load";
import { outputArray } from "./memory";
import type { Output } from "./signatures";
import { Status } from "./status";
import { dimensions, NativeTensor } from "./tensor";

/** A value of an attribute: plain numbers are integers; types and counts that follow from the inputs are omitted. */
export type AttributeValue =
  | boolean
  | number
  | string
  | number[]
  | { type: number }
  | { shape: number[] }
  | { float: number }
  | { tensor: NativeTensor };

export type Attributes = Record<string, AttributeValue>;

/** A graph under construction. Operations cannot be removed again. */
export class Graph {
  readonly api: TensorFlow;
  readonly pointer: number;
  /** Whether products with few rows are computed in the transposed order. */
  readonly turnsFewRows: boolean;
  readonly #status: Status;
  readonly #constants = new Map<string, Output>();
  readonly #origins = new Origins();
  /** Values cast to float32, and what they were cast from. */
  readonly #widened = new WeakMap<Output, Output>();
  #origin: Origin | undefined;
  #before: number[] = [];
  #operations = 0;

  /**
   * @param productType the type in which float32 products are computed
   * @param onCpu whether its operations run on a CPU
   */
  constructor(
    api: TensorFlow,
    readonly productType = FLOAT32,
    onCpu = true,
  ) {
    this.api = api;
    this.turnsFewRows = onCpu && productType === FLOAT32 && process.arch === "x64";
    this.pointer = api.TF_NewGraph();
    this.#status = new Status(api);
  }

  /** Number of operations so far. */
  get size(): number {
    return this.#operations;
  }

  /**
   * Adds an operation.
   * @param inputs single inputs, or lists if the operation takes a list
   * @param after operations that must run first
   * @returns its first output
   * @throws RunFailed if TensorFlow rejects it
   */
  operation(
    type: string,
    inputs: (Output | Output[])[] = [],
    attributes: Attributes = {},
    after: number[] = [],
  ): Output {
    const { api } = this;
    const description = api.TF_NewOperation(this.pointer, type, `${type}_${this.#operations++}`);
    for (const input of inputs) this.#addInput(description, input);
    for (const operation of type === "Const" ? after : [...this.#before, ...after])
      api.TF_AddControlInput(description, operation);
    for (const [name, value] of Object.entries(attributes)) this.#setAttribute(description, name, value);
    const oper = api.TF_FinishOperation(description, this.#status.pointer);
    this.#status.check(`adding the operation ${type}`, () => this.#origin && describeOrigin(this.#origin));
    return { oper, index: 0 };
  }

  /** Makes operations that `code` adds run after these, except for constants, which other steps share. */
  following<Result>(operations: number[], code: () => Result): Result {
    const before = this.#before;
    this.#before = [...before, ...operations];
    try {
      return code();
    } finally {
      this.#before = before;
    }
  }

  /** Records the origin of the operations that `code` adds. */
  noting<Result>(origin: Origin, code: () => Result): Result {
    const before = this.#origin;
    const first = this.#operations;
    this.#origin = origin;
    try {
      return code();
    } finally {
      this.#origin = before;
      this.#origins.add({ first, end: this.#operations, origin });
    }
  }

  /** The origin of an operation, by its name, which may be part of a message: `{{node GatherV2_12}}`. */
  findOrigin(text: string): Origin | undefined {
    const number = /^\w+_(\d+)$|\{\{node \w+_(\d+)\}\}/.exec(text);
    return number ? this.#origins.of(Number(number[1] ?? number[2])) : undefined;
  }

  nameOf(output: Output): string {
    return this.api.TF_OperationName(output.oper);
  }

  /** Adds a constant; equal small constants share one operation. */
  constant(values: Float32Array | Int32Array | Uint8Array, shape: number[], type: number): Output {
    if (values.length > 8) return this.#newConstant(values, shape, type);
    const key = `${type}:${shape}:${Array.from(values, (value) => (Object.is(value, -0) ? "-0" : value))}`;
    const known = this.#constants.get(key) ?? this.#newConstant(values, shape, type);
    this.#constants.set(key, known);
    return known;
  }

  float(value: number): Output {
    return this.constant(Float32Array.of(value), [], FLOAT32);
  }

  integer(value: number): Output {
    return this.constant(Int32Array.of(value), [], INT32);
  }

  integers(values: number[]): Output {
    return this.constant(Int32Array.from(values), [values.length], INT32);
  }

  /** A constant matrix of two columns, such as the paddings of each dimension. */
  pairs(values: [number, number][]): Output {
    return this.constant(Int32Array.from(values.flat()), [values.length, 2], INT32);
  }

  placeholder(shape: number[], type: number): Output {
    return this.operation("Placeholder", [], { dtype: { type }, shape: { shape } });
  }

  /** Casts a value to another type; returns it unchanged if it has that type, or had it before it became float32. */
  cast(output: Output, type: number): Output {
    if (this.typeOf(output) === type) return output;
    const narrow = this.#widened.get(output);
    if (narrow && this.typeOf(narrow) === type) return narrow;
    const result = this.operation("Cast", [output], { DstT: { type } });
    if (type === FLOAT32) this.#widened.set(result, output);
    return result;
  }

  /** Adds an operation that does nothing, after others. */
  barrier(after: number[]): number {
    return this.operation("NoOp", [], {}, after).oper;
  }

  typeOf(output: Output): number {
    return this.api.TF_OperationOutputType(output);
  }

  shapeOf(output: Output): number[] {
    const { api } = this;
    const rank = api.TF_GraphGetTensorNumDims(this.pointer, output, this.#status.pointer);
    this.#status.check("asking for a shape");
    if (rank < 0) throw new TypeError("TensorFlow does not know the shape of a result: shapes must be static");
    const lengths = new BigInt64Array(Math.max(1, rank));
    api.TF_GraphGetTensorShape(this.pointer, output, lengths, rank, this.#status.pointer);
    this.#status.check("asking for a shape");
    return Array.from(lengths.subarray(0, rank), Number);
  }

  dispose(): void {
    this.api.TF_DeleteGraph(this.pointer);
    this.#status.dispose();
  }

  #newConstant(values: Float32Array | Int32Array | Uint8Array, shape: number[], type: number): Output {
    const tensor = NativeTensor.of(this.api, values, type, shape);
    const output = this.operation("Const", [], { dtype: { type }, value: { tensor } });
    tensor.dispose();
    return output;
  }

  #addInput(description: number, input: Output | Output[]): void {
    if (Array.isArray(input)) this.api.TF_AddInputList(description, outputArray(input), input.length);
    else this.api.TF_AddInput(description, input);
  }

  #setAttribute(description: number, name: string, value: AttributeValue): void {
    const { api } = this;
    if (typeof value === "boolean") api.TF_SetAttrBool(description, name, value ? 1 : 0);
    else if (typeof value === "number") api.TF_SetAttrInt(description, name, value);
    else if (typeof value === "string") api.TF_SetAttrString(description, name, Buffer.from(value), value.length);
    else if (Array.isArray(value)) api.TF_SetAttrIntList(description, name, dimensions(value), value.length);
    else if ("type" in value) api.TF_SetAttrType(description, name, value.type);
    else if ("float" in value) api.TF_SetAttrFloat(description, name, value.float);
    else if ("shape" in value) api.TF_SetAttrShape(description, name, dimensions(value.shape), value.shape.length);
    else api.TF_SetAttrTensor(description, name, value.tensor.pointer, this.#status.pointer);
  }
}
