import { createHash } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import {
  COLLECTED_AT,
  isSampleWritten,
  readTruth,
  type SampleVideo,
  sampleFiles,
  sampleWorld,
  trueAppeal,
  writeSample,
} from "../../lib/dataset";
import { drawPicture } from "../../lib/dataset/sample/draw";
import { importInto, MemoryStore, temporaryFolder } from "./fixture";

const world = sampleWorld();
const small = sampleWorld({ seed: 3, channels: 2, videosPerChannel: 6 });
const hash = (content: Uint8Array | string) => createHash("sha256").update(content).digest("hex").slice(0, 16);
const hours = ({ video }: SampleVideo) => (COLLECTED_AT.getTime() - video.publishedAt.getTime()) / 3_600_000;
const logRate = (sample: SampleVideo) => Math.log(sample.video.views / hours(sample));

test("the world is a function of its seed: the same rows and pictures always, others for another seed", () => {
  const rows = hash(JSON.stringify(world));
  expect(hash(JSON.stringify(sampleWorld({ seed: 0, channels: 24, videosPerChannel: 50 })))).toBe(rows);
  expect(hash(JSON.stringify(sampleWorld({ seed: 1 })))).not.toBe(rows);
  const pictures = [0, 400, 1199].map((index) => hash(drawPicture((world[index] as SampleVideo).look)));
  expect({ rows, pictures }).toMatchInlineSnapshot(`
    {
      "pictures": [
        "913880e10aa154c2",
        "31bbfcdbca67a73d",
        "b72015f8d2912525",
      ],
      "rows": "68dc81383200abb3",
    }
  `);
});

test("the world has the guide's six niches, four channels each, fifty videos a channel, ids such as YouTube's", () => {
  expect(world.length).toBe(1200);
  expect(new Set(world.map(({ video }) => video.videoId)).size).toBe(1200);
  expect(world.every(({ video }) => /^[\w-]{11}$/.test(video.videoId) && /^UC[\w-]{22}$/.test(video.channelId))).toBe(
    true,
  );
  const channels = new Map(world.map(({ video }) => [video.channelId, video.niche]));
  const niches = ["tech", "gaming", "education", "entertainment", "beauty", "news"];
  expect([...channels.values()].sort()).toEqual(niches.flatMap((niche) => Array(4).fill(niche)).sort());
});

test("all but a few planted videos pass the quality rules", () => {
  const short = world.filter(({ video }) => (video.durationSeconds ?? 0) < 60).length;
  const unseen = world.filter(({ video }) => video.views < 1000).length;
  expect(short).toBeGreaterThan(3);
  expect(unseen).toBeGreaterThan(3);
  expect(short + unseen).toBeLessThan(40);
  expect(world.every((sample) => hours(sample) >= 48 && hours(sample) <= 90 * 24)).toBe(true);
  expect(world.every(({ video }) => video.language === "en" && (video.subscribers ?? 0) >= 1000)).toBe(true);
});

test("a title shows the factors it was drawn from", () => {
  for (const { video, look } of world) {
    const shown = {
      question: video.title.includes("?"),
      number: /\d/.test(video.title),
      hook: /best|worst|only|most/i.test(video.title),
      rambling: ["and Some Thoughts", "from the Other Side"].filter((words) => video.title.includes(words)).length,
    };
    expect(look.factors).toMatchObject(shown);
  }
});

test("true appeal rises with each factor that helps and falls with those that harm, mean 0 and deviation 1", () => {
  const middle = {
    contrast: 0.5,
    saturation: 0.5,
    subjectSize: 0.5,
    sharpness: 0.5,
    clutter: 0.5,
    question: false,
    number: false,
    hook: false,
    rambling: 1,
  };
  const better = {
    contrast: 0.9,
    saturation: 0.9,
    subjectSize: 0.9,
    sharpness: 0.9,
    clutter: 0.1,
    question: true,
    number: true,
    hook: true,
    rambling: 0,
  };
  for (const [name, value] of Object.entries(better)) {
    expect(trueAppeal({ ...middle, [name]: value }), name).toBeGreaterThan(trueAppeal(middle));
  }
  const appeals = world.map((sample) => sample.trueAppeal);
  const mean = appeals.reduce((sum, value) => sum + value, 0) / appeals.length;
  const deviation = Math.sqrt(appeals.reduce((sum, value) => sum + (value - mean) ** 2, 0) / appeals.length);
  expect(mean).toBeCloseTo(0, 1);
  expect(deviation).toBeCloseTo(1, 1);
});

test("a world with an edge share has the same videos, and shows the share only outside of the middle square", () => {
  const options = { seed: 3, channels: 2, videosPerChannel: 6 };
  const edged = sampleWorld({ ...options, edgeShare: 0.4 });
  expect(edged.map(({ video }) => [video.videoId, video.title])).toEqual(
    small.map(({ video }) => [video.videoId, video.title]),
  );
  for (const [index, { look }] of edged.entries()) {
    const [plain, drawn] = [drawPicture((small[index] as SampleVideo).look), drawPicture(look)];
    const changed = new Set<number>();
    for (let i = 0; i < drawn.length; i++) if (drawn[i] !== plain[i]) changed.add(Math.floor(i / 3) % 640);
    const columns = [...changed];
    expect(columns.length).toBeGreaterThan(20);
    expect(columns.filter((x) => x >= 140 && x < 500)).toEqual([]);
  }
});

test("the edges explain their share of the appeal's variance, and what is seen in the middle the rest", () => {
  const edged = sampleWorld({ edgeShare: 0.4 });
  const appeals = edged.map((sample) => sample.trueAppeal);
  const outer = edged.map(({ look }) => (look.factors.edges?.face ?? 0) + (look.factors.edges?.words ?? 0));
  expect(correlation(appeals, outer) ** 2).toBeCloseTo(0.4, 1);
  expect(
    correlation(
      appeals,
      world.map((sample) => sample.trueAppeal),
    ) ** 2,
  ).toBeCloseTo(0.6, 1);
  expect(Math.hypot(...appeals) / Math.sqrt(appeals.length)).toBeCloseTo(1, 1);
  const { edges: _, ...without } = (edged[0] as SampleVideo).look.factors;
  expect(without).toEqual((world[0] as SampleVideo).look.factors);
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const centred = (values: readonly number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  const product = x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);
  return product / (Math.hypot(...x) * Math.hypot(...y));
}

/** Share of pairs within a channel and 30 days whose higher rate also has the higher score. */
function pairwiseAuc(score: (sample: SampleVideo) => number): number {
  let right = 0;
  let pairs = 0;
  const regular = world.filter(({ video }) => video.views >= 1000);
  for (const a of regular) {
    for (const b of regular) {
      if (a.video.channelId !== b.video.channelId || Math.abs(hours(a) - hours(b)) > 30 * 24) continue;
      if (logRate(a) <= logRate(b)) continue;
      pairs++;
      right += score(a) > score(b) ? 1 : 0;
    }
  }
  return right / pairs;
}

test("views follow appeal: ranking by it is right for 80 to 86 of 100 pairs; newer wins, since views come early and channels grow", () => {
  expect(pairwiseAuc((sample) => sample.trueAppeal)).toBeGreaterThan(0.8);
  expect(pairwiseAuc((sample) => sample.trueAppeal)).toBeLessThan(0.86);
  const newer = pairwiseAuc((sample) => -hours(sample));
  expect(newer).toBeGreaterThan(0.58);
  expect(newer).toBeLessThan(0.66);
});

test("within a channel, the mean rate rises from each fifth of appeal to the next", () => {
  const centred = new Map<string, number>();
  for (const id of new Set(world.map(({ video }) => video.channelId))) {
    const rates = world.filter(({ video }) => video.channelId === id && video.views >= 1000).map(logRate);
    centred.set(id, rates.reduce((sum, rate) => sum + rate, 0) / rates.length);
  }
  const regular = world.filter(({ video }) => video.views >= 1000).sort((a, b) => a.trueAppeal - b.trueAppeal);
  const fifths = [0, 1, 2, 3, 4].map((fifth) => {
    const part = regular.slice((fifth * regular.length) / 5, ((fifth + 1) * regular.length) / 5);
    return (
      part.reduce((sum, sample) => sum + logRate(sample) - (centred.get(sample.video.channelId) ?? 0), 0) / part.length
    );
  });
  expect(fifths).toEqual([...fifths].sort((a, b) => a - b));
});

test("a written world imports without a refusal, and its truth is read back", async () => {
  const folder = await temporaryFolder();
  const { table, thumbnails, truth } = await finish(writeSample(small, folder));
  const store = new MemoryStore();
  const report = await importInto(store, folder, table, { thumbnails, now: new Date("2026-01-01") });
  expect(report).toMatchObject({ read: 12, inserted: 12, refused: [], picturesStored: 12 });
  for (const { video } of small) expect(store.videos.get(video.videoId)).toMatchObject(video);
  expect(await readTruth(truth)).toEqual(
    new Map(small.map(({ video, trueAppeal: appeal }) => [video.videoId, appeal])),
  );
  expect(await readTruth(join(folder, "none.json"))).toBeUndefined();
  const { width, height, format } = await sharp(join(thumbnails, `${small[0]?.video.videoId}.jpg`)).metadata();
  expect({ width, height, format }).toEqual({ width: 640, height: 360, format: "jpeg" });
});

test("writing a world twice gives the same bytes", async () => {
  const one = await temporaryFolder();
  const two = await temporaryFolder();
  await finish(writeSample(small, one));
  await finish(writeSample(small, two));
  for (const name of ["videos.csv", "truth.json", ...small.map(({ video }) => `thumbnails/${video.videoId}.jpg`)]) {
    expect(hash(await readFile(join(one, name))), name).toBe(hash(await readFile(join(two, name))));
  }
});

test("a world counts as written when it is drawn to its end, and only that very world", async () => {
  const folder = await temporaryFolder();
  expect(await isSampleWritten(small, folder)).toBe(false);
  await finish(writeSample(small, folder));
  expect(await isSampleWritten(small, folder)).toBe(true);
  expect(await isSampleWritten(sampleWorld({ seed: 4, channels: 2, videosPerChannel: 6 }), folder)).toBe(false);
  expect(await isSampleWritten(sampleWorld({ seed: 3, channels: 2, videosPerChannel: 7 }), folder)).toBe(false);
  await rm(join(sampleFiles(folder).thumbnails, `${small[7]?.video.videoId}.jpg`));
  expect(await isSampleWritten(small, folder)).toBe(false);
});

test("a drawing that was stopped does not count, over an earlier world either", async () => {
  const folder = await temporaryFolder();
  await finish(writeSample(small, folder));
  const again = writeSample(small, folder);
  await again.next();
  expect(await isSampleWritten(small, folder)).toBe(false);
  await finish(again);
  expect(await isSampleWritten(small, folder)).toBe(true);
});

test("a drawing that was killed goes on with the pictures that are missing, unless it was of another world", async () => {
  const [folder, whole] = [await temporaryFolder(), await temporaryFolder()];
  const many = sampleWorld({ seed: 3, channels: 5, videosPerChannel: 6 });
  const other = sampleWorld({ seed: 4, channels: 5, videosPerChannel: 6 });
  const pictureOf = ({ video }: SampleVideo) => join(sampleFiles(folder).thumbnails, `${video.videoId}.jpg`);
  const drawnAt = async () =>
    Promise.all(
      many.map((video) =>
        stat(pictureOf(video)).then(
          ({ ino }) => ino,
          () => null,
        ),
      ),
    );
  const killed = writeSample(many, folder);
  await killed.next();
  await killed.next();
  const before = await drawnAt();
  expect(before.filter((ino) => ino !== null).length).toBeGreaterThanOrEqual(20);
  expect(before).toContain(null);

  expect((await writeSample(many, folder).next()).value).toMatchObject({
    done: before.filter((ino) => ino !== null).length,
  });
  await finish(writeSample(many, folder));
  const after = await drawnAt();
  expect(after.filter((ino, at) => before[at] !== null && ino !== before[at])).toEqual([]);
  await finish(writeSample(many, whole));
  for (const video of many) {
    const path = `thumbnails/${video.video.videoId}.jpg`;
    expect(hash(await readFile(join(folder, path)))).toBe(hash(await readFile(join(whole, path))));
  }
  expect(await isSampleWritten(many, folder)).toBe(true);

  await writeSample(other, folder).next();
  expect((await writeSample(many, folder).next()).value).toMatchObject({ done: 0 });
});
