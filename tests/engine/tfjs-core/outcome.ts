/** How one of tfjs-core's tests ended. */
export interface Outcome {
  /** File, suites and name. */
  name: string;
  status: "passed" | "failed" | "pending" | "excluded";
  messages: string[];
  /** Kernels that it called. */
  kernels: string[];
  /** Kernels that it called and the engine does not have. */
  unmapped: string[];
}
