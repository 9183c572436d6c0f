import { addScaled, dot } from "../../base";
import type { Objective } from "./problem";

/** Where a minimisation ended. */
export interface Minimum {
  w: Float64Array;
  /** Steps of Newton's method. */
  steps: number;
  /** Norm of the gradient at w. */
  gradientNorm: number;
  /** Whether that is at most the tolerance. */
  converged: boolean;
}

/**
 * Line-search Newton-CG (Nocedal and Wright, "Numerical Optimization", algorithm 7.1) for a strictly convex function:
 * each step solves Hessian x direction = -gradient by conjugate gradients, as exactly as is worth while, then halves
 * the step until the function falls enough. Never forms the Hessian.
 * @param tolerance norm of the gradient at which to stop
 */
export function minimise(objective: Objective, start: Float64Array, tolerance: number, maxSteps = 100): Minimum {
  let w = start;
  for (let steps = 0; ; steps++) {
    const { gradient, curvature } = objective.slopes(w);
    const gradientNorm = norm(gradient);
    const converged = gradientNorm <= tolerance;
    if (converged || steps === maxSteps) return { w, steps, gradientNorm, converged };
    // Forcing term min(0.5, sqrt |g|): superlinear near the minimum, cheap far from it.
    const direction = conjugateGradients(curvature, gradient, Math.min(0.5, Math.sqrt(gradientNorm)) * gradientNorm);
    const next = descend(objective, w, direction, dot(gradient, direction));
    if (next === null) return { w, steps, gradientNorm, converged };
    w = next;
  }
}

/** Approximate solution d of H d = -gradient: residual norm at most `tolerance`. */
function conjugateGradients(
  curvature: (v: Float64Array) => Float64Array,
  gradient: Float64Array,
  tolerance: number,
): Float64Array {
  const solution = new Float64Array(gradient.length);
  const residual = gradient.slice();
  const direction = gradient.map((value) => -value);
  let squared = dot(residual, residual);
  for (let step = 0; step < gradient.length && Math.sqrt(squared) > tolerance; step++) {
    const bent = curvature(direction);
    const length = squared / dot(direction, bent);
    addScaled(solution, length, direction);
    addScaled(residual, length, bent);
    const before = squared;
    squared = dot(residual, residual);
    for (let i = 0; i < direction.length; i++) {
      direction[i] = (squared / before) * direction[i]! - residual[i]!;
    }
  }
  return solution;
}

/** Halves the step until f falls by 1e-4 of what the slope promises (Armijo); null when rounding leaves no such step. */
function descend(objective: Objective, w: Float64Array, direction: Float64Array, slope: number): Float64Array | null {
  const value = objective.value(w);
  for (let length = 1; length > 1e-10; length /= 2) {
    const next = w.slice();
    addScaled(next, length, direction);
    if (objective.value(next) <= value + 1e-4 * length * slope) return next;
  }
  return null;
}

function norm(v: Float64Array): number {
  return Math.sqrt(dot(v, v));
}
