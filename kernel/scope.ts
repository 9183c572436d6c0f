import { createRequire } from "node:module";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { guarded, still } from "./cell";

type Values = Record<string, unknown>;

/** Holds the names that cells declare; compiled cells read and write them as properties of `exports`. */
export class Scope {
  readonly #values: Values = {};

  /** @param root folder that modules are resolved from */
  constructor(root: string) {
    const exports = new Proxy(this.#values, { defineProperty: assign });
    const scope = { exports, require: createRequire(join(root, "cell.js")), still, guarded };
    Object.assign(globalThis, { __tslab__: scope });
  }

  /**
   * Runs a cell's code to its end.
   * @param name shown in stack traces
   */
  run(code: string, name: string): Promise<void> {
    const wrapped = `(async function (exports, require) {\n${code}\n})(__tslab__.exports, __tslab__.require)`;
    return runInThisContext(`${wrapped}\n//# sourceURL=${name}`);
  }

  /** Removes a value and returns it. */
  take(name: string): unknown {
    const value = this.#values[name];
    delete this.#values[name];
    return value;
  }
}

/** TypeScript defines imports as getters; later cells may want to assign them again. */
function assign(values: Values, name: string | symbol, descriptor: PropertyDescriptor): boolean {
  if (typeof name === "string" && name !== "__esModule") {
    values[name] = descriptor.get === undefined ? descriptor.value : descriptor.get();
  }
  return true;
}
