// npm run bench before -- --checkout FOLDER [--batches 16,64,256 --rounds 15 --seconds 2 --videos 8192]
// The training step of this checkout beside the one of another checkout of this repository, such as a git worktree of an
// earlier commit after `npm run setup` there. They run in turn; the ratio is the median over rounds of ours by theirs.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type Contender, startOwn } from "./side-by-side/contender";
import { loadOf, warningOf } from "./side-by-side/machine";
import { interleave, type Measured } from "./side-by-side/rounds";
import { median, medianOfBlocks, spreadOf } from "./side-by-side/statistics";
import { OURS } from "./side-by-side/table";

const Times = z.object({ milliseconds: z.array(z.number()) });
/** Steps that compile and warm up, not counted. */
const WARM_STEPS = 12;
const LOSSES = 4;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      checkout: { type: "string" },
      batches: { type: "string", default: "16,64,256" },
      rounds: { type: "string", default: "15" },
      seconds: { type: "string", default: "2" },
      videos: { type: "string", default: "8192" },
    },
  });
  if (values.checkout === undefined) throw new Error("name the other checkout with --checkout FOLDER");
  const batches = values.batches.split(",").map(Number);
  const size = [values.videos, String(Math.max(...batches) * 64)];
  const warning = warningOf(await loadOf());
  if (warning) console.error(warning);
  const before = await start("before", resolve(values.checkout), size);
  const now = await start("now", resolve(__dirname, ".."), size);
  try {
    for (const batch of batches) {
      await assertSameLosses(before, now, batch);
      const rounds = Number(values.rounds);
      console.log(
        lineOf(batch, rounds, await measure([before, now], { batch, rounds, seconds: Number(values.seconds) })),
      );
    }
  } finally {
    await before.end();
    await now.end();
  }
}

function start(name: string, checkout: string, size: string[]): Promise<Contender> {
  return startOwn(name, join(checkout, "bench", "training", "contender.ts"), [OURS, ...size, "cpu"]);
}

/** A change that was to change nothing leaves the first steps' losses and gradient norms as they were. */
async function assertSameLosses(before: Contender, now: Contender, batch: number): Promise<void> {
  const Checked = z.object({ values: z.array(z.array(z.number()).length(LOSSES)) });
  // Only what differs from the defaults: the other checkout need not know all settings of this one.
  const request = { do: "check", batch, steps: 10, settings: { batchSize: batch } };
  const theirs = await before.ask(request, Checked);
  const ours = await now.ask(request, Checked);
  const isSame = JSON.stringify(theirs) === JSON.stringify(ours);
  console.error(`batch ${batch}: losses of the first 10 steps ${isSame ? "are the same to the last bit" : "differ"}`);
}

async function measure(
  contenders: readonly Contender[],
  { batch, rounds, seconds }: { batch: number; rounds: number; seconds: number },
): Promise<Measured[]> {
  const settings = { batchSize: batch, swaStart: 0 };
  const run = async (contender: Contender, steps: number) =>
    medianOfBlocks((await contender.ask({ do: "steps", batch, steps, settings }, Times)).milliseconds);
  let slowest = 0;
  for (const contender of contenders) {
    await run(contender, WARM_STEPS);
    slowest = Math.max(slowest, await run(contender, WARM_STEPS));
  }
  // The same number of steps for both.
  const steps = Math.max(20, Math.round((seconds * 1000) / slowest));
  return interleave(contenders, batch, rounds, (contender) => run(contender, steps));
}

function lineOf(batch: number, rounds: number, measured: readonly Measured[]): string {
  const of = (name: string) => measured.filter((each) => each.name === name).map(({ ms }) => ms);
  const before = of("before");
  const now = of("now");
  const { median: ratio, low, high } = spreadOf(now.map((ms, round) => ms / (before[round] as number)));
  const ms = (values: number[]) => median(values).toFixed(3);
  const range = `${low.toFixed(3)} to ${high.toFixed(3)}`;
  return `batch ${batch}: before ${ms(before)} ms, now ${ms(now)} ms a step; ratio ${ratio.toFixed(3)} (${range}, ${rounds} rounds)`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
