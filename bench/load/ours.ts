// Loads embedding files into the trainer as `thumbrank train` does, and says how long it took: ours.ts EMBEDDINGS ROWS [float16]
import { configure, TrainingOptions } from "../../lib/config";
import { openEngine } from "../../lib/engine";
import { joinFeatures, openChosenVectors } from "../../lib/features";
import { TrainingPipeline } from "../../lib/runs";
import type { RatedVideo, TrainingPair } from "../../lib/store";
import { timeSteps } from "../../lib/training";
import { freshModel, video } from "../training/world";

/** Videos of a channel lie so many rows apart. */
const CHANNELS = 1000;

async function main(embeddings: string, rows: number, featureStorage = "float32"): Promise<void> {
  const options = configure(TrainingOptions, { featureStorage });
  const engine = await openEngine({ backend: "tensorflow" });
  const store = { ratedVideos: () => videosOf(rows), pairs: () => pairsOf(rows - CHANNELS) };
  const began = performance.now();
  const idle = process.cpuUsage();
  const { data } = await joinFeatures(store, await openChosenVectors({ embeddings }), options);
  const loaded = performance.now();
  const training = new TrainingPipeline({ model: freshModel(), engine, data, ...options });
  const ready = performance.now();
  const { user, system } = process.cpuUsage(idle);
  const [firstStepMs] = await timeSteps(training, 1);
  const seconds = { files: (loaded - began) / 1000, trainer: (ready - loaded) / 1000 };
  const residentBytes = process.memoryUsage.rss();
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const answer = {
    seconds: seconds.files + seconds.trainer,
    parts: seconds,
    cpuSeconds: (user + system) / 1e6,
    firstStepMs,
    residentBytes,
    peakBytes,
  };
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  training.dispose();
  engine.dispose();
}

async function* videosOf(rows: number): AsyncGenerator<RatedVideo> {
  for (let row = 0; row < rows; row++) yield video(row, "train");
}

async function* pairsOf(count: number): AsyncGenerator<TrainingPair> {
  for (let row = 0; row < count; row++) {
    const winner = video(row, "train");
    const loser = video(row + CHANNELS, "train");
    const { channelId, fold } = winner;
    yield { winnerId: winner.videoId, loserId: loser.videoId, channelId, fold, margin: 0.5 };
  }
}

const [embeddings, rows, featureStorage] = process.argv.slice(2) as [string, string, string?];
main(embeddings, Number(rows), featureStorage).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
