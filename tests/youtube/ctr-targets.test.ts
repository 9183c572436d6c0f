import { afterAll, beforeAll, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { random } from "../../lib/base/random";
import { resolvePaths } from "../../lib/config";
import type { EmbeddedVectors } from "../../lib/embedding";
import { joinFeatures, percentiles } from "../../lib/features";
import { collect as all, type EncoderIdentity, openStore, type Store } from "../../lib/store";
import { openReporting, syncCtr } from "../../lib/youtube";
import { type GoogleStandIn, startGoogle } from "../google/start";
import { groupBy } from "../store/naive";
import { buildOptions } from "../store/options";
import { newHome, trustStandIns } from "./collecting";
import { connected, ownerEnvironment } from "./owner";
import { reachRows, videosNamed } from "./reach";

const CONNECTED = new Date("2026-10-01T12:00:00Z");
const LATER = new Date("2026-10-04T12:00:00Z");

let google: GoogleStandIn;
let owned: { home: string; remove: () => Promise<void> };
let store: Store;
beforeAll(async () => {
  google = await startGoogle({ world: { channels: 2, videosPerChannel: 50 }, now: CONNECTED.toISOString() });
  trustStandIns();
  owned = await newHome();
  store = await openStore({ paths: resolvePaths(owned.home) });
});
afterAll(async () => {
  await store.close();
  await google.stop();
  await owned.remove();
});

async function sync(): Promise<void> {
  const api = await openReporting({ environment: ownerEnvironment(owned.home, google.rootUrl) });
  await finish(syncCtr({ api, store, paths: resolvePaths(owned.home), minImpressions: 100 }));
}

/** Vectors of any video, made up. */
function vectorsOf(kind: EncoderIdentity["kind"], ids: readonly string[]): EmbeddedVectors {
  const named = { model: "made up", revision: "1", preprocessing: "", normalisation: "l2" as const };
  return {
    identity: { kind, ...named, dimensions: 2 },
    rows: new Map(ids.map((id, row) => [id, row])),
    async read(asked, put) {
      for (const place of asked.keys()) put(Float32Array.of(1, 0), 0, place);
    },
  };
}

test("synced rates become the targets of the CTR head: percentiles of true CTR within the owned channel and fold", async () => {
  const ids = [...new Set(reachRows(google, CONNECTED, LATER).map(({ videoId }) => videoId))];
  const source = random("others");
  const foreign = ids.map((id) => `other-${id}-${source.integer(9)}`);
  await store.upsertVideos([...videosNamed(ids, "UCowned"), ...videosNamed(foreign, "UCforeign")]);
  await connected(google, owned.home);
  await sync();
  await google.setClock(LATER.toISOString());
  await sync();
  const quality = { minViews: 0, maxDeviations: 99 };
  const { folds } = await store.buildPairs(
    buildOptions({ quality, splits: { testFraction: 0, validationFraction: 0 } }),
  );
  expect(folds.train.pairs).toBeGreaterThan(100);

  const rated = await all(store.ratedVideos());
  const names = rated.map(({ videoId }) => videoId);
  const sources = { image: vectorsOf("image", names), text: vectorsOf("text", names) };
  const { data } = await joinFeatures(store, sources, {
    auxiliary: "ctr",
    ctrTarget: "neighbours",
    pairWeights: "equal",
  });
  const own = rated.filter(({ trueCtr }) => trueCtr !== null);
  expect(own.length).toBeGreaterThan(30);
  expect(new Set(own.map(({ channelId }) => channelId))).toEqual(new Set(["UCowned"]));
  expect(data.trueCtrTargets).toBe(own.length);
  const expected = new Map(
    [...groupBy(own, ({ fold }) => fold).values()].flatMap((videos) => {
      const ranks = percentiles(videos.map(({ trueCtr }) => trueCtr as number));
      return videos.map(({ videoId }, index) => [videoId, ranks[index]] as const);
    }),
  );
  for (const [row, { videoId, ctrNeighbours }] of data.videos.entries())
    expect(data.ctrTargets[row]).toBeCloseTo(expected.get(videoId) ?? ctrNeighbours ?? Number.NaN, 6);
  // Not by chance the same as the proxy's.
  const differs = own.filter(
    ({ videoId, ctrNeighbours }) => Math.abs((expected.get(videoId) ?? 0) - (ctrNeighbours ?? 0)) > 0.05,
  );
  expect(differs.length).toBeGreaterThan(own.length / 2);
});
