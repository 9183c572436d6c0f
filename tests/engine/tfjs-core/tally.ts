import type { Outcome } from "./outcome";

/** Counts of one family of kernels; a test counts in each family that it calls. */
export interface Tally {
  family: string;
  kernels: number;
  passed: number;
  failed: number;
  /** Also called a kernel that cannot be compiled. */
  skipped: number;
}

/** Whether a test is about what can be compiled: it calls kernels, and none that is missing. */
export function isCounted({ kernels, unmapped, status }: Outcome): boolean {
  return kernels.length > 0 && unmapped.length === 0 && (status === "passed" || status === "failed");
}

/** @param families names of kernels by family */
export function tally(outcomes: Outcome[], families: Record<string, string[]>): Tally[] {
  return Object.entries(families).map(([family, kernels]) => {
    const of = outcomes.filter((outcome) => outcome.kernels.some((kernel) => kernels.includes(kernel)));
    const counted = of.filter(isCounted);
    const failed = counted.filter(({ status }) => status === "failed").length;
    const passed = counted.length - failed;
    return { family, kernels: kernels.length, passed, failed, skipped: of.length - counted.length };
  });
}
