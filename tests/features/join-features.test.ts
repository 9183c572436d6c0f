import { expect, test } from "vitest";
import type { EmbeddedVectors } from "../../lib/embedding";
import { asFloat32, type FeatureSources, joinFeatures } from "../../lib/features";
import type { EncoderIdentity, TrainingPair } from "../../lib/store";
import { planted } from "../training/planted";

const { videos, identities } = planted({ perChannel: 2, imageDim: 3, textDim: 2 });
const id = (row: number) => videos[row]?.videoId as string;
const pair = (winner: number, loser: number, margin: number): TrainingPair => ({
  winnerId: id(winner),
  loserId: id(loser),
  margin,
  channelId: videos[winner]?.channelId as string,
  fold: videos[winner]?.fold ?? "train",
});
const pairs = [pair(0, 1, 0.5), pair(1, 0, 0.25), pair(3, 2, 0.75), pair(9, 8, 0.125)];

const store = (rated = videos) => ({
  async *ratedVideos() {
    yield* rated;
  },
  async *pairs() {
    yield* pairs;
  },
});

/** Vectors that tell their video: its row in the first place. */
function sources(missing: string[] = [], changed = 0): FeatureSources {
  const rows = new Map(videos.flatMap(({ videoId }, row) => (missing.includes(videoId) ? [] : [[videoId, row]])));
  const vectors = (identity: EncoderIdentity): EmbeddedVectors => ({
    identity,
    rows,
    // As the file hands them out: in another order than asked for, out of one block.
    async read(ids, put) {
      const { dimensions } = identity;
      for (const place of ids.map((_, at) => ids.length - 1 - at)) {
        const row = rows.get(ids[place] as string) as number;
        put(
          Float32Array.from({ length: dimensions + 1 }, (_, at) => row + (at - 1) / 4 + changed),
          1,
          place,
        );
      }
    },
  });
  return { image: vectors(identities.image), text: vectors(identities.text) };
}

const OPTIONS = { auxiliary: "ctr", ctrTarget: "channel", pairWeights: "equal" } as const;

test("rows hold image and title vector side by side, and pairs point at them", async () => {
  const { data, withoutVectors } = await joinFeatures(store(), sources(), OPTIONS);
  expect(withoutVectors).toEqual([]);
  expect(data).toMatchObject({ imageDim: 3, textDim: 2 });
  expect([...data.features.subarray(5, 10)]).toEqual([1, 1.25, 1.5, 1, 1.25]);
  expect([...data.pairs.train.winners]).toEqual([0, 1, 3]);
  expect([...data.pairs.train.losers]).toEqual([1, 0, 2]);
  expect([...data.pairs.train.margins]).toEqual([0.5, 0.25, 0.75]);
  expect([...data.pairs.validation.winners]).toEqual([9]);
  expect(data.pairs.test.winners).toHaveLength(0);
});

test("a video without a vector is left out with its pairs, and named", async () => {
  const { data, withoutVectors } = await joinFeatures(store(), sources([id(0)]), OPTIONS);
  expect(withoutVectors).toEqual([id(0)]);
  expect(data.videos).toHaveLength(videos.length - 1);
  expect([...data.pairs.train.winners]).toEqual([2]);
  expect(data.videos[2]?.videoId).toBe(id(3));
});

test("channel weights give each channel the same total and keep mean 1", async () => {
  const { data } = await joinFeatures(store(), sources(), { ...OPTIONS, pairWeights: "channel" });
  expect([...data.pairs.train.weights]).toEqual([0.75, 0.75, 1.5]);
});

test("sqrt weights divide by the square root of the channel's pairs and keep mean 1", async () => {
  const { data } = await joinFeatures(store(), sources(), { ...OPTIONS, pairWeights: "sqrt" });
  const [two, one] = [1 / Math.sqrt(2), 1];
  const mean = (two + two + one) / 3;
  const naive = [two / mean, two / mean, one / mean];
  expect([...data.pairs.train.weights]).toEqual(naive.map((weight) => expect.closeTo(weight, 6)));
});

test("the hash of these data is what it was when checkpoints named it", async () => {
  const { data } = await joinFeatures(store(), sources(), OPTIONS);
  expect(data.dataHash).toBe("3b533d0b68bdc5c6b9e57a6cd5a39fe5c6ab4889d0245a76651e9467da635797");
});

test("float16 features are the rounded ones, and hash as those would", async () => {
  const row = 1;
  const changed = 1 / 3;
  const { data } = await joinFeatures(store(), sources([], changed), { ...OPTIONS, featureStorage: "float16" });
  expect(data.features).toBeInstanceOf(Uint16Array);
  // 1 + 1/3 and 1 + 1/3 + 1/4 have an ulp of 2^-10 in float16.
  const rounded = [0, 0.25, 0.5, 0, 0.25].map((more) => Math.round((row + more + changed) * 1024) / 1024);
  expect([...asFloat32(data.features).subarray(5, 10)]).toEqual(rounded);
  const { data: exact } = await joinFeatures(store(), sources(), { ...OPTIONS, featureStorage: "float16" });
  expect(exact.dataHash).toBe((await joinFeatures(store(), sources(), OPTIONS)).data.dataHash);
  expect(data.dataHash).not.toBe((await joinFeatures(store(), sources([], changed), OPTIONS)).data.dataHash);
});

test("the hash follows vectors, videos, CTR targets and pair weights, and nothing else", async () => {
  const hash = async (...given: Parameters<typeof joinFeatures>) => (await joinFeatures(...given)).data.dataHash;
  const same = await hash(store(), sources(), OPTIONS);
  expect(await hash(store(), sources(), OPTIONS)).toBe(same);
  const others = [
    await hash(store(), sources([], 1e-3), OPTIONS),
    await hash(
      store(videos.map((video, row) => (row === 0 ? { ...video, ctrProxy: 0.123 } : video))),
      sources(),
      OPTIONS,
    ),
    await hash(store(), sources(), { ...OPTIONS, pairWeights: "channel" }),
    await hash(store(videos.map((video) => ({ ...video, ctrNeighbours: video.ctrProxy / 2 }))), sources(), {
      ...OPTIONS,
      ctrTarget: "neighbours",
    }),
  ];
  expect(new Set([same, ...others]).size).toBe(5);
});

test("nothing to train on is refused with the next step", async () => {
  const none = joinFeatures(store([]), sources(), OPTIONS);
  await expect(none).rejects.toThrow(/no pairs of them yet.*thumbrank pairs/);
  const unembedded = joinFeatures(store(), sources(videos.map(({ videoId }) => videoId)), OPTIONS);
  await expect(unembedded).rejects.toThrow(/none of 16 rated videos.*thumbrank embed/);
  const unmeasured = joinFeatures(store(), sources(), { ...OPTIONS, auxiliary: "signals" });
  await expect(unmeasured).rejects.toMatchObject({ code: "TRAINING_SIGNALS_MISSING" });
});

test("pairs of an earlier version, which have no neighbours' percentiles, are refused with the next step", async () => {
  const older = joinFeatures(store(), sources(), { ...OPTIONS, ctrTarget: "neighbours" });
  await expect(older).rejects.toMatchObject({ code: "TRAINING_TARGET_MISSING" });
  await expect(older).rejects.toThrow(/thumbrank pairs.*--ctr-target channel/);
});
