import { InputMismatch } from "./errors";
import type { TensorSpec, TypedArray, VariableValues } from "./types";

/** A spec whose dimensions are all known. */
export interface FixedSpec {
  shape: number[];
  dtype: "float32" | "int32";
}

/** Number of elements of a tensor of this shape. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * Checks specs: the length of an input determines only one unknown dimension.
 * @throws InputMismatch if a shape has more than one
 */
export function checkSpecs(specs: TensorSpec[]): void {
  for (const [index, { shape }] of specs.entries())
    if (shape.filter((length) => length === null).length > 1)
      throw new InputMismatch(`the spec of input ${index}`, "a shape with one null at most", showShape(shape));
}

/** Returns the specs themselves if all dimensions are known. */
export function fixedSpecs(specs: TensorSpec[]): FixedSpec[] | undefined {
  if (specs.some(({ shape }) => shape.includes(null))) return undefined;
  return specs.map(({ shape, dtype = "float32" }) => ({ shape: shape as number[], dtype }));
}

/**
 * Checks a compiled step's inputs against its specs.
 * @returns the specs with the shapes that the inputs have
 * @throws InputMismatch for a wrong count, type or length
 */
export function fixSpecs(inputs: TypedArray[], specs: TensorSpec[]): FixedSpec[] {
  if (inputs.length !== specs.length) throw new InputMismatch("the step", `${specs.length} inputs`, `${inputs.length}`);
  return specs.map((spec, index) => fixSpec(inputs[index]!, spec, index));
}

function fixSpec(input: TypedArray, { shape, dtype = "float32" }: TensorSpec, index: number): FixedSpec {
  const known = countElements(shape.filter((length) => length !== null));
  const type = dtype === "int32" ? Int32Array : Float32Array;
  const found = shape.map((length) => length ?? input.length / known);
  if (input instanceof type && input.length === countElements(found) && found.every(Number.isInteger))
    return { shape: found, dtype };
  const expected = shape.includes(null) ? `a ${type.name} of shape ${showShape(shape)}` : describe(type.name, known);
  throw new InputMismatch(`input ${index} of the step`, expected, describeInput(input));
}

/** Formats a shape, such as "[2,null]". */
export function showShape(shape: (number | null)[]): string {
  return `[${shape.map(String)}]`;
}

/**
 * Checks the values of a variable against its shape.
 * @throws InputMismatch
 */
export function checkValues(name: string, values: VariableValues, shape: number[]): void {
  if (values.length !== countElements(shape))
    throw new InputMismatch(`variable ${name} [${shape}]`, `${countElements(shape)} values`, `${values.length}`);
}

function describeInput(input: TypedArray): string {
  return describe(input?.constructor?.name ?? typeof input, input?.length ?? 0);
}

function describe(type: string, length: number): string {
  return `a ${type} of ${length}`;
}
