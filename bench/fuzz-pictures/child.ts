import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ThumbrankError } from "../../lib/base/errors";
import { finish } from "../../lib/base/progress";
import { random } from "../../lib/base/random";
import { exportModel, type LoadedModel, loadModel, openEncoders, rank, ThumbnailsRefused } from "../../lib/deployment";
import { embedAll } from "../../lib/embedding";
import { picturePath, type Video } from "../../lib/store";
import { trainedModel } from "../../tests/deployment/trained";
import { memoryStore } from "../../tests/embedding/memory-store";
import { video } from "../../tests/embedding/world";
import { mutant } from "./mutate";
import type { ChildLine } from "./run";
import { type Seed, seedPictures } from "./seeds";

/** Mutants that are embedded together, as `thumbrank embed` does. */
const BATCH = 32;
const FORMATS = ["jpeg", "png", "webp"] as const;

/**
 * A process that ranks and embeds the mutants from one number up to another, and prints a line of JSON before and after
 * each: arguments are seed, first, end, and a folder of real pictures.
 */
async function main(seed: string, first: number, end: number, real?: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-fuzz-"));
  try {
    const seeds = await seedPictures(real);
    const model = await loadModel(await exportModel(join(folder, "models"), await trainedModel()));
    const encoders = await openEncoders(model.card);
    const context = { folder, seeds, seed, model, encoders };
    for (let start = first; start < end; start += BATCH) await batch(context, start, Math.min(end, start + BATCH));
    say({ kind: "end", peakMb: process.resourceUsage().maxRSS / 1024 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Context {
  folder: string;
  seeds: Seed[];
  seed: string;
  model: LoadedModel;
  encoders: Awaited<ReturnType<typeof openEncoders>>;
}

async function batch({ folder, seeds, seed, model, encoders }: Context, start: number, end: number): Promise<void> {
  const thumbnails = join(folder, "thumbnails");
  const ranked = new Map<string, string>();
  const videos: Video[] = [];
  for (let index = start; index < end; index++) {
    const source = random(seed, "mutant", index);
    const picked = seeds[source.integer(seeds.length)] as Seed;
    const bytes = mutant(picked, source);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const picture = { sha256, format: FORMATS[index % FORMATS.length] ?? "jpeg" };
    const path = picturePath(thumbnails, picture);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    say({ kind: "begin", index, name: picked.name });
    const began = performance.now();
    const outcome = await outcomeOf(rank({ model, encoders, images: [{ image: path, title: "How it works" }] }));
    say({ kind: "ranked", index, outcome, ms: performance.now() - began });
    videos.push(video(`v${index}`, "How it works", picture));
    ranked.set(`v${index}`, outcome);
  }
  const paths = { embeddings: join(folder, `embeddings-${start}`), thumbnails };
  const { image } = await finish(embedAll({ store: memoryStore(videos), paths, ...encoders, batchSize: BATCH }));
  const refused = new Map(image.refused.map(({ videoId, code }) => [videoId, code as string]));
  const differing = [...ranked]
    .filter(([id, outcome]) => outcome !== (refused.get(id) ?? "accepted"))
    .map(([id]) => id);
  say({ kind: "embedded", count: image.embedded + image.refused.length, differing });
  await rm(thumbnails, { recursive: true });
}

/** "accepted", the code of a refusal, or what else was thrown. */
async function outcomeOf(ranking: Promise<unknown>): Promise<string> {
  try {
    await ranking;
    return "accepted";
  } catch (thrown) {
    if (thrown instanceof ThumbnailsRefused) return thrown.refusals.map(({ code }) => code).join();
    return `uncoded: ${thrown instanceof ThumbrankError ? thrown.code : String(thrown)}`;
  }
}

const say = (line: ChildLine) => process.stdout.write(`${JSON.stringify(line)}\n`);

const [seed = "1", first, end, real] = process.argv.slice(2);
void main(seed, Number(first), Number(end), real);
