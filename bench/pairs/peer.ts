// A process of its own, so that its memory is counted apart: reads rated videos from the store, loops over pairs.
import { openStore, type RatedVideo } from "../../lib/store";
import { type LoopPairs, loopOverPairs } from "./loop";
import { type PeerRequest, type PeerResult, pairsDigest } from "./messages";

async function run({ databaseUrl, options, seed }: PeerRequest): Promise<PeerResult> {
  const started = performance.now();
  const store = await openStore({ paths: { store: "" }, databaseUrl });
  const videos: RatedVideo[] = [];
  for await (const video of store.ratedVideos()) videos.push(video);
  await store.close();
  const read = performance.now();
  const pairs = loopOverPairs(videos, options, seed);
  const looped = performance.now();
  return {
    readSeconds: (read - started) / 1000,
    loopSeconds: (looped - read) / 1000,
    pairs: pairs.winners.length,
    digest: pairsDigest(named(videos, pairs)),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function* named(videos: RatedVideo[], { winners, losers, margins }: LoopPairs) {
  for (const [index, winner] of winners.entries()) {
    const loser = videos[losers[index] ?? -1];
    yield { winnerId: videos[winner]?.videoId ?? "", loserId: loser?.videoId ?? "", margin: margins[index] ?? 0 };
  }
}

process.once("message", (request: PeerRequest) => {
  run(request).then(
    (result) => process.send?.(result, () => process.disconnect()),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
