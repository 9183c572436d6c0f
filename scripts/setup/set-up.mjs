import { pythonEnvironment } from "./environment.mjs";
import { SetupFailed, show } from "./failure.mjs";
import { lock } from "./lock.mjs";
import { node22 } from "./node22.mjs";
import { notebooks } from "./notebooks.mjs";
import { packages } from "./packages.mjs";
import { page } from "./page.mjs";
import { tensorflow } from "./tensorflow.mjs";

/** What `npm run setup` does, in order: each may use what those before it put there. */
export const steps = [node22, packages, page, pythonEnvironment, notebooks, tensorflow];

const toPeople = (line) => process.stderr.write(`${line}\n`);

/** A failure that is no end: framed, so that nobody misses it. */
function announce(failure, say) {
  const bar = "!".repeat(80);
  say([bar, show(failure), bar].join("\n"));
}

async function take(step, places, say) {
  const there = step.check(places);
  if (there !== undefined) return say(`${step.name}: already there (${there})`);
  say(`${step.name}: ${step.plan(places)} ...`);
  const started = Date.now();
  try {
    const done = await step.run(places);
    say(`${step.name}: done in ${Math.round((Date.now() - started) / 1000)} s (${done})`);
  } catch (failure) {
    if (!step.optional || !(failure instanceof SetupFailed)) throw failure;
    announce(failure, say);
  }
}

/**
 * Does what is missing, says what it does, and may be interrupted and repeated at any time.
 * @throws SetupFailed when a step fails that nothing can do without
 */
export async function setUp(places, say = toPeople, todo = steps) {
  if (todo.every((step) => step.check(places) !== undefined)) {
    for (const step of todo) await take(step, places, say);
    return;
  }
  const release = await lock(places, say);
  try {
    for (const step of todo) await take(step, places, say);
  } finally {
    release();
  }
}
