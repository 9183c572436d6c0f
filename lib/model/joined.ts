import { AUXILIARY_HEADS } from "./architecture";
import type { WeightArray, Weights } from "./weights";

/** Layers of the six sub-scores, in their order in `AUXILIARY_HEADS`. */
const HEADS = AUXILIARY_HEADS.length;

/**
 * Name under which an engine holds a weight. The six sub-scores' layers lie one below the other in one matrix, so that
 * six small products are one large one: "auxiliary.clarity.0.weight" is part of "auxiliary.0.weight".
 */
export function joinedName(name: string): string {
  return name.replace(/^auxiliary\.[a-z_]+\./, "auxiliary.");
}

/** Named weights as an engine holds them: those of the six sub-scores joined along their outputs. */
export function joined(weights: Weights): Weights {
  const groups = new Map<string, WeightArray[]>();
  for (const name of headsInOrder(Object.keys(weights))) {
    const group = joinedName(name);
    groups.set(group, [...(groups.get(group) ?? []), weights[name] as WeightArray]);
  }
  const entries = [...groups].map(([name, parts]) => [name, parts.length === 1 ? parts[0] : join(parts)]);
  return Object.fromEntries(entries) as Weights;
}

/** The opposite of `joined`: weights by their own names. */
export function parted(weights: Weights): Weights {
  const entries = Object.entries(weights).flatMap(([name, held]) => {
    if (!/^auxiliary\.\d/.test(name)) return [[name, held] as const];
    return AUXILIARY_HEADS.map((head, index) => [name.replace(".", `.${head}.`), part(held, index)] as const);
  });
  return Object.fromEntries(entries);
}

/** Files may name weights in any order. */
function headsInOrder(names: string[]): string[] {
  const place = (name: string) => AUXILIARY_HEADS.findIndex((head) => name.startsWith(`auxiliary.${head}.`));
  return [...names].sort((a, b) => place(a) - place(b));
}

function join(parts: WeightArray[]): WeightArray {
  const [{ shape, values: first }] = parts as [WeightArray];
  const [rows = 0, ...others] = shape;
  const values = new Float32Array(first.length * parts.length);
  for (const [index, each] of parts.entries()) values.set(each.values, index * first.length);
  return { shape: [rows * parts.length, ...others], values };
}

function part({ shape, values }: WeightArray, index: number): WeightArray {
  const [rows = 0, ...others] = shape;
  const length = values.length / HEADS;
  return { shape: [rows / HEADS, ...others], values: values.slice(index * length, (index + 1) * length) };
}
