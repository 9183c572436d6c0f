import * as tf from "@tensorflow/tfjs";
import { RandomInStep } from "./errors";
import { withDeepStacks } from "./place";

const RANDOM_OPERATIONS = /\b(randomUniform|randomNormal|randomGamma|truncatedNormal)_?\b/;

/**
 * Runs a step's code with randomness of JavaScript refused: it would be frozen in a compiled step. Math.random is what
 * unseeded operations draw from; seeded ones are recognised by who makes a tensor out of a buffer.
 * @throws RandomInStep
 */
export function withoutRandomness<Result>(code: () => Result): Result {
  const random = Math.random;
  const toTensor = tf.TensorBuffer.prototype.toTensor;
  Math.random = () => {
    throw new RandomInStep(randomOperation() ?? "Math.random");
  };
  tf.TensorBuffer.prototype.toTensor = function (this: tf.TensorBuffer<tf.Rank>) {
    const operation = randomOperation();
    if (operation) throw new RandomInStep(operation);
    return toTensor.call(this);
  };
  try {
    return withDeepStacks(code);
  } finally {
    Math.random = random;
    tf.TensorBuffer.prototype.toTensor = toTensor;
  }
}

/** The tfjs operation on the stack that draws random numbers. */
function randomOperation(): string | undefined {
  const name = RANDOM_OPERATIONS.exec(new Error().stack ?? "")?.[1];
  return name && `tf.${name}`;
}
