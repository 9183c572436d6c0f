import { join } from "node:path";
import {
  BUILT_IN_ENCODERS,
  configure,
  encoderFlags,
  GUIDE_ENCODERS,
  MODEL_NAME,
  PairOptions,
  QualityOptions,
  resolvePaths,
  SAMPLE_SETTINGS,
  SplitOptions,
  TrainingOptions,
} from "../config";
import type { Ranking } from "../deployment";
import { defineCommand } from "./command";
import { type CommonFlags, HomeSettings, print, say, withStore } from "./context";
import { isWorldImported, trainedBefore } from "./demo-done";
import { embed, embedText } from "./embed";
import { evaluateRun } from "./evaluate";
import { exportRun } from "./export";
import { importLine } from "./import";
import { pairsText } from "./pairs";
import { rankFiles } from "./rank";
import { rankingText } from "./ranking-text";
import type { RunFlags } from "./run-files";
import { importSample, sample } from "./sample";
import { resultText } from "./show-training";
import { STOPPED } from "./signals";
import { train } from "./train";
import { trainDefaults } from "./train-flags";

const SEED = 0;

export const demoCommand = defineCommand({
  name: "demo",
  group: "Start",
  summary: "run every step on the synthetic sample world, in a home of its own: data/demo below --data-dir",
  settings: { common: HomeSettings },
  examples: ["", "--data-dir try"],
  notes: "After a stop or a kill, the same command continues where it stopped: what already exists is not made again.",
  run: async ({ common }) => demo({ dataDir: join(resolvePaths(common.dataDir).home, "data", "demo") }),
});

async function demo(flags: CommonFlags): Promise<void> {
  const run = { ...flags, run: MODEL_NAME };
  const options = configure(TrainingOptions, { ...SAMPLE_SETTINGS.training, seed: SEED });
  step("1-2", "draw the synthetic sample world and import it");
  print(await drawWorld(flags));
  if ((await trainedBefore(run, options)) === null) {
    if (!(await trainModel(run, options))) return stopped();
  } else print("already there: its pairs and embeddings, and the model, trained on them to its end");
  step("6", "evaluate");
  const { text } = await evaluateRun(run);
  print(text);
  step("7", "export, and rank three thumbnails of one channel");
  print(`exported: ${await exportRun(run)}`);
  print(rankingText(await rankThree(flags)));
}

/** @returns a line on what was drawn and imported, or that it already existed */
async function drawWorld(flags: CommonFlags): Promise<string> {
  const { isSampleWritten, sampleFolder, sampleWorld } = await import("../dataset");
  const world = sampleWorld({ seed: SEED });
  const isDrawn = await isSampleWritten(world, sampleFolder(resolvePaths(flags.dataDir)));
  if (!isDrawn) return importLine(await sample(flags, { seed: SEED }));
  if (await isWorldImported(flags, world)) return `already there: ${world.length} videos and their pictures`;
  return importLine(await importSample(flags));
}

/** @returns false if a signal stopped it */
async function trainModel(run: RunFlags, options: TrainingOptions): Promise<boolean> {
  step("3", "quality rules, folds and pairs");
  print(pairsText(await withStore(run, (store) => store.buildPairs(pairOptions()))));
  step("2", `embed with the built-in encoders (CLIP and MiniLM: embed ${encoderFlags(GUIDE_ENCODERS)})`);
  print(embedText(await embed({ ...run, ...BUILT_IN_ENCODERS })));
  step("4", "train");
  const result = await train({ ...trainDefaults(), ...run, resume: "latest" }, options);
  if (result === null) return false;
  print(resultText(result));
  return true;
}

function pairOptions() {
  return {
    quality: configure(QualityOptions, {}),
    pairs: configure(PairOptions, SAMPLE_SETTINGS.pairs),
    splits: configure(SplitOptions, {}),
    seed: SEED,
  };
}

/** Ranks three thumbnails of the first channel, as candidates for its first video. */
async function rankThree(flags: CommonFlags): Promise<Ranking> {
  const { sampleFiles, sampleFolder, sampleWorld } = await import("../dataset");
  const { thumbnails } = sampleFiles(sampleFolder(resolvePaths(flags.dataDir)));
  const videos = sampleWorld({ seed: SEED }).slice(0, 3);
  const images = videos.map(({ video }) => join(thumbnails, `${video.videoId}.jpg`));
  const title = videos.slice(0, 1).map(({ video }) => video.title);
  return rankFiles(images, { ...flags, model: MODEL_NAME, title });
}

function step(number: string, what: string): void {
  print(`\n== Step ${number}: ${what}\n`);
}

function stopped(): void {
  say("stopped; `npm run demo` continues from the checkpoint");
  process.exitCode = STOPPED;
}
