import * as tf from "@tensorflow/tfjs";
import { at, concatenated, groupBy } from "../base";
import type { NamedShape, WeightArray, Weights } from "./architecture";
import { type Parameters, parameter } from "./layers";

/** Most numbers in a section that shares a variable; the guide's smallest matrix between hidden layers has 32,768. */
const SMALL = 4096;

/**
 * A parameter as the forward pass sees it: a weight, or the same layer of all six sub-scores stacked, so that six small
 * products are one large one ("auxiliary.clarity.0.weight" is part of "auxiliary.0.weight").
 */
export interface Section {
  name: string;
  shape: number[];
  trainable: boolean;
  parts: NamedShape[];
}

/**
 * What an engine holds in one variable, row-major: a section, or all small trained sections in sequence. Each variable
 * costs a step about ten operations, however few numbers it has.
 */
export interface JoinedWeight {
  name: string;
  shape: number[];
  trainable: boolean;
  sections: Section[];
}

/** Lays out an architecture's weights for an engine; the small ones come last. */
export function joinedWeights(specs: NamedShape[]): JoinedWeight[] {
  const sections = groupIntoSections(specs);
  const isSmall = ({ shape, trainable }: Section) => trainable && tf.util.sizeFromShape(shape) <= SMALL;
  const small = sections.filter(isSmall);
  const alone = sections.filter((section) => !isSmall(section));
  const length = small.reduce((sum, { shape }) => sum + tf.util.sizeFromShape(shape), 0);
  return [
    ...alone.map((section) => ({ ...section, sections: [section] })),
    { name: "small", shape: [length], trainable: true, sections: small },
  ];
}

/** A weight that has a variable of its own, as whatever recomputes a part of the network needs it. */
export function alone(spec: NamedShape): JoinedWeight {
  return { ...spec, sections: [{ ...spec, parts: [spec] }] };
}

/** Joins named weights into the engine's layout. */
export function joined(layout: JoinedWeight[], weights: Weights): Weights {
  const entries = layout.map((held) => {
    const values = listParts(held).map(({ name }) => weightOf(weights, name).values);
    return [held.name, { shape: held.shape, values: concatenated(values) }] as const;
  });
  return Object.fromEntries(entries);
}

/** The inverse of `joined`: weights by their own names, as copies. */
export function splitWeights(layout: JoinedWeight[], weights: Weights): Weights {
  const entries = layout.flatMap((held) => {
    const { values } = weightOf(weights, held.name);
    let end = 0;
    return listParts(held).map(({ name, shape }) => {
      const start = end;
      end += tf.util.sizeFromShape(shape);
      return [name, { shape, values: values.slice(start, end) }] as const;
    });
  });
  return Object.fromEntries(entries);
}

/** The sections by name, as the forward pass needs them: slices of variables that hold several, else the variables. */
export function parametersIn(layout: JoinedWeight[], held: Parameters): Parameters {
  const entries = layout.flatMap(({ name, sections }) => {
    const whole = parameter(held, name);
    if (sections[0]?.name === name) return [[name, whole] as const];
    const lengths = sections.map(({ shape }) => tf.util.sizeFromShape(shape));
    const slices = tf.split(whole, lengths);
    return sections.map(({ name, shape }, index) => [name, shaped(at(slices, index), shape)] as const);
  });
  return Object.fromEntries(entries);
}

/** Vectors are left unchanged, which saves two operations for each. */
function shaped(slice: tf.Tensor, shape: number[]): tf.Tensor {
  return shape.length === 1 ? slice : tf.reshape(slice, shape);
}

function groupIntoSections(specs: NamedShape[]): Section[] {
  const sections = groupBy(specs, ({ name }) => name.replace(/^auxiliary\.[a-z_]+\./, "auxiliary."));
  return [...sections].map(([name, parts]) => {
    const { shape, trainable } = at(parts, 0);
    const [rows = 1, ...others] = shape;
    return { name, shape: [rows * parts.length, ...others], trainable, parts };
  });
}

function listParts({ sections }: JoinedWeight): NamedShape[] {
  return sections.flatMap(({ parts }) => parts);
}

function weightOf(weights: Weights, name: string): WeightArray {
  const found = weights[name];
  if (found === undefined) throw new RangeError(`there is no weight named ${name}`);
  return found;
}
