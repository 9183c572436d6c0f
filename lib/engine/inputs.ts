import { InputMismatch } from "./errors";
import type { TensorSpec, TypedArray } from "./types";

/** Number of elements of a tensor of this shape. */
export function sizeOf(shape: number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Checks what a compiled step is fed against its specs.
 * @throws InputMismatch for a wrong count, type or length
 */
export function checkInputs(inputs: TypedArray[], specs: TensorSpec[]): void {
  if (inputs.length !== specs.length) throw new InputMismatch("the step", `${specs.length} inputs`, `${inputs.length}`);
  for (const [index, spec] of specs.entries()) {
    const input = inputs[index] as TypedArray;
    const type = (spec.dtype ?? "float32") === "int32" ? Int32Array : Float32Array;
    if (!(input instanceof type) || input.length !== sizeOf(spec.shape))
      throw new InputMismatch(
        `input ${index} of the step`,
        describe(type.name, sizeOf(spec.shape)),
        describeInput(input),
      );
  }
}

/**
 * Checks the values of a variable against its shape.
 * @throws InputMismatch
 */
export function checkValues(name: string, values: Float32Array, shape: number[]): void {
  if (values.length !== sizeOf(shape))
    throw new InputMismatch(`variable ${name} [${shape}]`, `${sizeOf(shape)} values`, `${values.length}`);
}

function describeInput(input: TypedArray): string {
  return describe(input?.constructor?.name ?? typeof input, input?.length ?? 0);
}

function describe(type: string, length: number): string {
  return `a ${type} of ${length}`;
}
