// npm run bench embed [-- --pictures 256 --titles 4096 --sentences 512 --rounds 5 --threads 2 --model-dir FOLDER --json FILE]
// Thumbnails and titles a second, from files to vectors in a file: ours beside the same in Python; and as sentences, titles by
// the real MiniLM beside Python's sentence-transformers.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { z } from "zod";
import { ensureMiniLmPackage } from "../lib/embedding/minilm/package";
import { writeInputs } from "./embed/inputs";
import { compareVectors } from "./embed/vectors";
import { type Contender, startContender, startOwn } from "./side-by-side/contender";
import { loadOf, machine, warningOf } from "./side-by-side/machine";
import { writeReport } from "./side-by-side/report";
import { interleave, type Measured, type Result, resultsOf } from "./side-by-side/rounds";
import { OURS, tableOf } from "./side-by-side/table";
import { pinnedPython } from "./torch/environment";

const Embedded = z.object({ seconds: z.number(), vectors: z.array(z.array(z.number())) });
/** Random weights, small: what is measured is nearly all ours and the peer's, not the network that both run. */
const TINY = join(__dirname, "..", "tests", "golden", "embedding", "hub");
const PEER = "python";
const SENTENCE_PEER = "sentence-transformers";
const BATCH = 32;
/** Vectors that are compared. */
const CHECKED = 64;
const KINDS = ["pictures", "titles", "sentences"] as const;
type Kind = (typeof KINDS)[number];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      pictures: { type: "string", default: "256" },
      titles: { type: "string", default: "4096" },
      sentences: { type: "string", default: "512" },
      rounds: { type: "string", default: "5" },
      threads: { type: "string", default: "2" },
      "model-dir": { type: "string", default: TINY },
      json: { type: "string" },
    },
  });
  const counts = {
    pictures: Number(values.pictures),
    titles: Number(values.titles),
    sentences: Number(values.sentences),
  };
  const settings = { rounds: Number(values.rounds), threads: Number(values.threads), models: values["model-dir"] };
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-bench-"));
  try {
    await writeInputs(folder, counts.pictures, counts.titles, counts.sentences);
    const minilm = counts.sentences > 0 ? await ensureMiniLmPackage(console.error) : undefined;
    const [ours, ...peers] = await startAll(folder, settings, minilm);
    const before = await loadOf();
    const warning = warningOf(before);
    if (warning) console.error(warning);
    const cosines: Record<string, number> = {};
    const rounds: Measured[] = [];
    const results: Result[] = [];
    for (const kind of KINDS.filter((each) => counts[each] > 0)) {
      const peer = peers.find(({ name }) => name === (kind === "sentences" ? SENTENCE_PEER : PEER));
      if (ours === undefined || peer === undefined) continue;
      const contenders = [ours, peer];
      cosines[kind] = await check(contenders, kind);
      const measured = await measure(contenders, kind, counts[kind], settings.rounds);
      rounds.push(...measured.map((each) => ({ ...each, kind })));
      results.push(...show(measured, kind));
    }
    const all = ours === undefined ? peers : [ours, ...peers];
    const versions = Object.fromEntries(all.map((contender) => [contender.name, contender.versions]));
    await Promise.all(all.map((contender) => contender.end()));
    const load = { before, after: await loadOf() };
    await writeReport(values.json, {
      bench: "embed",
      takenAt: new Date().toISOString(),
      machine: machine(),
      load,
      versions,
      settings: { ...settings, ...counts },
      cosines,
      rounds,
      results,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Settings {
  models: string;
  threads: number;
}

/** Ours, then Python; sentence-transformers only where there is the real MiniLM. @param minilm its folder */
async function startAll(folder: string, { models, threads }: Settings, minilm?: string): Promise<Contender[]> {
  const here = join(__dirname, "embed");
  const pythonOf = (name: string, file: string, announcement: string) =>
    pinnedPython({ name, requirements: join(here, file), announcement }, console.error);
  const python = pythonOf("embed", "requirements.txt", "ONNX Runtime and Pillow, once, some 60 MB to fetch,");
  const contenders = [
    await startOwn(OURS, join(here, "ours.ts"), [
      folder,
      models,
      String(threads),
      ...(minilm === undefined ? [] : [minilm]),
    ]),
    await startContender(PEER, python, [join(here, "peer.py"), folder, models, String(threads)]),
  ];
  if (minilm === undefined) return contenders;
  const announcement = "PyTorch and sentence-transformers, once, some 3 GB to fetch and 6 GB on the disk,";
  const sentences = pythonOf("sentences", "sentences.txt", announcement);
  const script = join(here, "sentences.py");
  return [...contenders, await startContender(SENTENCE_PEER, sentences, [script, folder, minilm, String(threads)])];
}

/** Lets both embed everything once, which also warms them up; returns the least cosine. */
async function check(contenders: readonly Contender[], kind: Kind): Promise<number> {
  console.error(`checking ${kind}`);
  const answers = [];
  for (const each of contenders) answers.push(await each.ask({ do: kind, checked: CHECKED }, Embedded));
  return compareVectors(kind, answers[0]?.vectors ?? [], answers[1]?.vectors ?? []);
}

/** Milliseconds of a batch, from files to vectors in a file. */
function measure(contenders: readonly Contender[], kind: Kind, count: number, rounds: number): Promise<Measured[]> {
  return interleave(contenders, BATCH, rounds, async (contender) => {
    const { seconds } = await contender.ask({ do: kind, checked: 1 }, Embedded);
    return (seconds * 1000 * BATCH) / count;
  });
}

function show(measured: readonly Measured[], kind: Kind) {
  const results = resultsOf(measured).map((result) => {
    return { ...result, kind, perSecond: (BATCH * 1000) / result.medianMs };
  });
  console.log(tableOf(results, `ms for so many ${kind}`).join("\n"));
  for (const { name, perSecond } of results)
    console.log(`  ${name.padEnd(26)}${perSecond.toFixed(0).padStart(7)} ${kind} a second`);
  return results;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
