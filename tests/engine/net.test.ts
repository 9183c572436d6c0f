import { expect, test } from "vitest";
import { openEngine } from "../../lib/engine";
import { hasTensorFlow } from "./available";
import { runStep, smallNet } from "./net";

const STEPS = 20;

/** Loss and gradient norm of every step, and all variables at the end. */
async function train(backend: "tensorflow" | "wasm" | "cpu"): Promise<{ facts: number[]; variables: Float32Array[] }> {
  const engine = await openEngine({ backend });
  const net = smallNet(engine);
  const facts: number[] = [];
  for (let t = 1; t <= STEPS; t++) facts.push(...(await runStep(net, t)).flatMap((values) => [...values]));
  const variables = await engine.read(net.variables);
  engine.dispose();
  return { facts, variables };
}

const truth = train("cpu");

async function compare(backend: "tensorflow" | "wasm"): Promise<void> {
  const given = await train(backend);
  const expected = await truth;
  expect(worst(given.facts, expected.facts)).toBeLessThan(1e-5);
  for (const [index, values] of given.variables.entries())
    expect(worst(values, expected.variables[index] as Float32Array)).toBeLessThan(1e-5);
}

/** Largest difference, relative where the truth is above 1. */
function worst(given: ArrayLike<number>, truth: ArrayLike<number>): number {
  expect(given.length).toBe(truth.length);
  const differences = Array.from(given, (value, index) => {
    const expected = truth[index] as number;
    return Math.abs(value - expected) / Math.max(1, Math.abs(expected));
  });
  return Math.max(...differences);
}

test("20 steps on wasm equal those on tfjs's CPU backend", () => compare("wasm"));

test.skipIf(!hasTensorFlow)("20 compiled steps equal those on tfjs's CPU backend (needs TensorFlow's library)", () =>
  compare("tensorflow"),
);
