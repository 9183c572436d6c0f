import { activations } from "./activations";
import type { Case } from "./case";
import { convolutions } from "./convolutions";
import { counts } from "./counts";
import { creations } from "./creations";
import { elementwise } from "./elementwise";
import { nets } from "./nets";
import { pictures } from "./pictures";
import { pools } from "./pools";
import { fused, products } from "./products";
import { reductions } from "./reductions";
import { selections } from "./selections";
import { shapes } from "./shapes";
import { transformer } from "./transformer";

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
  ...convolutions,
  ...pools,
  ...pictures,
  ...counts,
  ...transformer,
];
