import * as tf from "@tensorflow/tfjs";
import type { TensorSpec } from "../../../lib/engine";

/** An operation with the shapes and the range of its inputs; `kind` says what they may hold. */
export interface Case {
  name: string;
  run: (...inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
  specs: TensorSpec[];
  /** Range of float inputs; -2 to 2 where left out. */
  range?: [number, number];
  /** Integer inputs are below this; 3 where left out. */
  below?: number;
  /** Whether gradients with respect to the float inputs are compared too; true where left out. */
  gradient?: boolean;
}

export type Unary = (x: tf.Tensor) => tf.Tensor;
export type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

export const of = (...shape: number[]): TensorSpec => ({ shape });
export const integers = (...shape: number[]): TensorSpec => ({ shape, dtype: "int32" });

export const unary = (operations: Record<string, Unary>, more: Partial<Case> = {}): Case[] =>
  Object.entries(operations).flatMap(([name, run]) =>
    [of(), of(7), of(2, 3, 4)].map((spec) => ({ name: `${name} [${spec.shape}]`, run, specs: [spec], ...more })),
  );

const SHAPES: [TensorSpec, TensorSpec][] = [
  [of(4), of(4)],
  [of(3, 4), of(4)],
  [of(3, 1), of(1, 4)],
  [of(2, 3, 4), of()],
];

export const binary = (operations: Record<string, Binary>, more: Partial<Case> = {}): Case[] =>
  Object.entries(operations).flatMap(([name, run]) =>
    SHAPES.map((specs) => ({ name: `${name} [${specs[0].shape}] [${specs[1].shape}]`, run, specs, ...more })),
  );

export const one = (name: string, specs: TensorSpec[], run: Case["run"], more: Partial<Case> = {}): Case => ({
  name,
  specs,
  run,
  ...more,
});

export const bool = (x: tf.Tensor) => tf.greater(x, 0);
