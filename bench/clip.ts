// npm run bench clip [-- --cases last4-float32,... --rounds 5 --threads 2 --python FILE --json FILE]
// A fine-tuning step of CLIP ViT-L/14's vision tower with random weights, ours beside PyTorch's: the last 4 blocks on hidden
// states of 8 pictures, and all 24 blocks on the pixels of 2; with products in float32 and in bfloat16. Forward pass, loss,
// gradients and AdamW. Each case has processes of its own, so that its peak memory is its own. Takes some 12 GB.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { CASES, type Case, PARTS } from "./clip/cases";
import { count } from "./long/verdict";
import { type Contender, startContender, startOwn } from "./side-by-side/contender";
import { loadOf, machine, warningOf } from "./side-by-side/machine";
import { writeReport } from "./side-by-side/report";
import { interleave, type Measured, type Result, resultsOf } from "./side-by-side/rounds";
import { pinnedPython } from "./torch/environment";

const Step = z.object({ milliseconds: z.number(), loss: z.number() });
const Peak = z.object({ peakMb: z.number() });
/** Goals of ours by PyTorch's: time in both precisions, and memory. */
const GOALS = { float32: 1, bfloat16: 1.1, memory: 1.2 };

interface CaseResult extends Result {
  case: Case;
  peakMb: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: "string", default: CASES.join() },
      rounds: { type: "string", default: "5" },
      threads: { type: "string", default: String(availableParallelism()) },
      python: { type: "string" },
      json: { type: "string" },
    },
  });
  const cases = z.array(z.enum(CASES)).parse(values.cases.split(","));
  const settings = { rounds: count("rounds", values.rounds), threads: count("threads", values.threads) };
  const python = values.python ?? ownPython();
  const before = await loadOf();
  const warning = warningOf(before);
  if (warning) console.error(warning);
  const results: CaseResult[] = [];
  const rounds: (Measured & { case: Case })[] = [];
  const versions: Record<string, Record<string, string>> = {};
  for (const one of cases) {
    const contenders = [
      await startOwn("thumbrank", join(__dirname, "clip", "ours.ts"), [one, String(settings.threads)]),
      await startContender("torch", python, [join(__dirname, "clip", "peer.py"), one, String(settings.threads)]),
    ];
    for (const { name, versions: own } of contenders) versions[name] = own;
    const found = await measure(one, contenders, settings.rounds);
    results.push(...found.results);
    rounds.push(...found.measured.map((each) => ({ ...each, case: one })));
    for (const line of rowsOf(results.slice(-2))) console.log(line);
  }
  await writeReport(values.json, {
    bench: "clip",
    takenAt: new Date().toISOString(),
    machine: machine(),
    load: { before, after: await loadOf() },
    versions,
    settings,
    rounds,
    results,
  });
}

function ownPython(): string {
  const requirements = join(__dirname, "clip-python", "requirements.txt");
  const announcement = "PyTorch, transformers and peft, once, some 3 GB to fetch and 6 GB on the disk,";
  return pinnedPython({ name: "clip-python", requirements, announcement }, console.error);
}

/** Steps in turn, after two of each that also warm up and must lower the loss. */
async function measure(
  one: Case,
  contenders: readonly Contender[],
  rounds: number,
): Promise<{ measured: Measured[]; results: CaseResult[] }> {
  for (const contender of contenders) {
    console.error(`warming up ${one}: ${contender.name}`);
    const first = await contender.ask({ do: "step" }, Step);
    const second = await contender.ask({ do: "step" }, Step);
    if (!(second.loss < first.loss))
      throw new Error(`${contender.name}: the loss went from ${first.loss} to ${second.loss}`);
  }
  const { batch } = PARTS[one.startsWith("all") ? "all" : "last4"];
  const measured = await interleave(contenders, batch, rounds, async (contender) => {
    return (await contender.ask({ do: "step" }, Step)).milliseconds;
  });
  const results: CaseResult[] = [];
  for (const result of resultsOf(measured)) {
    const contender = contenders.find(({ name }) => name === result.name);
    if (contender === undefined) continue;
    results.push({ ...result, case: one, ...(await contender.ask({ do: "peak" }, Peak)) });
    await contender.end();
  }
  return { measured, results };
}

/** Both contenders' figures, and ours as a share of PyTorch's beside its goal. */
function rowsOf(results: readonly CaseResult[]): string[] {
  const [ours, peer] = results;
  const rows = results.map(({ name, case: one, medianMs, lowMs, highMs, peakMb }) => {
    const range = `(${lowMs.toFixed(0)} to ${highMs.toFixed(0)})`;
    return `${one.padEnd(16)} ${name.padEnd(10)} ${medianMs.toFixed(0).padStart(7)} ms ${range.padEnd(16)} ${peakMb.toFixed(0).padStart(6)} MB`;
  });
  if (ours === undefined || peer === undefined) return rows;
  const goal = ours.case.endsWith("float32") ? GOALS.float32 : GOALS.bfloat16;
  const time = (ours.medianMs / peer.medianMs).toFixed(2);
  const memory = (ours.peakMb / peer.peakMb).toFixed(2);
  return [...rows, `  time ${time} of PyTorch's (goal ${goal}), memory ${memory} (goal ${GOALS.memory})`];
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
