import * as tf from "@tensorflow/tfjs";
import { RECORDER } from "../../../lib/engine/recorder";

/** Kernels that a spec called, and those of them that cannot be compiled. */
export interface Called {
  kernels: Set<string>;
  unmapped: Set<string>;
}

/** Notes each kernel that is called from now on; `begin` starts anew. */
export function noteKernels(): { begin(): void; readonly called: Called } {
  const engine = tf.engine();
  const run = engine.runKernel.bind(engine);
  let called: Called = { kernels: new Set(), unmapped: new Set() };
  engine.runKernel = (name, inputs, attributes) => {
    (tf.getKernel(name, RECORDER) ? called.kernels : called.unmapped).add(name);
    return run(name, inputs, attributes);
  };
  return {
    begin: () => {
      called = { kernels: new Set(), unmapped: new Set() };
    },
    get called() {
      return called;
    },
  };
}
