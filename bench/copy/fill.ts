import { random } from "../../lib/base/random";
import { PairOptions, type Paths, QualityOptions, SplitOptions } from "../../lib/config";
import { type EncoderIdentity, openStore, type Video } from "../../lib/store";
import { generatedVideos } from "../pairs/world";

const IDENTITY: EncoderIdentity = {
  kind: "image",
  model: "clip-vit-l-14",
  revision: "1",
  preprocessing: "p",
  normalisation: "l2",
  dimensions: 768,
};
const DAY_MS = 86_400_000;

/** Fills PGlite: videos with two readings each, pairs of them, vectors of some, an evaluation and quota. */
export async function fillStore(
  paths: Pick<Paths, "store">,
  { videos, vectors, channels }: { videos: number; vectors: number; channels: number },
): Promise<void> {
  const store = await openStore({ paths });
  const ids: string[] = [];
  await store.upsertVideos(earlier(generatedVideos(videos, channels, 0), ids));
  await store.upsertVideos(generatedVideos(videos, channels, 0));
  const pairs = PairOptions.parse({ maxPairsPerChannel: 50 });
  await store.buildPairs({ quality: QualityOptions.parse({}), splits: SplitOptions.parse({}), pairs, seed: 0 });
  await store.saveEmbeddings(IDENTITY, vectorsOf(ids.slice(0, vectors)));
  await store.saveEvaluation({ model: "m", evaluatedAt: new Date(0), dataHash: "h", metrics: { auc: 0.7 } });
  await store.spendQuota({ day: "2026-06-01", bucket: "units", method: "videos.list", units: 1, limit: 10 });
  await store.close();
}

function* earlier(videos: Iterable<Video>, ids: string[]): Generator<Video> {
  for (const video of videos) {
    ids.push(video.videoId);
    yield { ...video, collectedAt: new Date(video.collectedAt.getTime() - DAY_MS), views: Math.floor(video.views / 2) };
  }
}

function* vectorsOf(ids: string[]) {
  const source = random("bench copy");
  const pool = Float32Array.from({ length: 100_000 }, () => source.normal() / Math.sqrt(IDENTITY.dimensions));
  for (const videoId of ids) {
    const start = source.integer(pool.length - IDENTITY.dimensions);
    yield { videoId, values: pool.slice(start, start + IDENTITY.dimensions) };
  }
}
