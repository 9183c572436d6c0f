import { activations } from "./activations";
import type { Case } from "./case";
import { creations } from "./creations";
import { elementwise } from "./elementwise";
import { nets } from "./nets";
import { fused, products } from "./products";
import { reductions } from "./reductions";
import { selections } from "./selections";
import { shapes } from "./shapes";

export type { Case } from "./case";

/** Every kernel that can be compiled, at least once. */
export const cases: Case[] = [
  ...elementwise,
  ...activations,
  ...reductions,
  ...products,
  ...fused,
  ...shapes,
  ...selections,
  ...creations,
  ...nets,
];
