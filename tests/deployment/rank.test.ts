import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type Encoders,
  exportModel,
  type LoadedModel,
  loadModel,
  ModelEncoderMismatch,
  openEncoders,
  RankingSizeInvalid,
  type RankRequest,
  rank,
  ThumbnailsRefused,
} from "../../lib/deployment";
import { EncoderUnknown, openImageEncoder, openTextEncoder } from "../../lib/embedding";
import { openEngine } from "../../lib/engine";
import { AUXILIARY_HEADS, ThumbnailRankingModel } from "../../lib/model";
import { openPredictor } from "../../lib/training";
import { trainedModel } from "./trained";

let folder = "";
let model: LoadedModel;
let encoders: Encoders;
const pictures = () => ["red", "green", "blue"].map((name) => join(folder, `${name}.png`));
const request = () => ({ model, encoders, images: pictures().map((image) => ({ image, title: "How it works" })) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rank-"));
  for (const colour of ["red", "green", "blue"]) {
    const stripe = await sharp({ create: { width: 60, height: 90, channels: 3, background: "white" } })
      .png()
      .toBuffer();
    const left = { red: 10, green: 120, blue: 240 }[colour] ?? 0;
    await sharp({ create: { width: 320, height: 180, channels: 3, background: colour } })
      .composite([{ input: stripe, left, top: 40 }])
      .toFile(join(folder, `${colour}.png`));
  }
  model = await loadModel(await exportModel(join(folder, "models"), await trainedModel()));
  encoders = await openEncoders(model.card);
});
afterAll(async () => {
  await Promise.all([model.close(), encoders.image.close(), encoders.text.close()]);
  await rm(folder, { recursive: true, force: true });
});

test("a ranking is best first, and its scores are the pipeline's on the same embeddings", async () => {
  const { ranking, model: name } = await rank(request());
  expect(name).toBe("first");
  expect(new Set(ranking.map(({ image }) => image))).toEqual(new Set(pictures()));
  expect(ranking.map(({ score }) => score)).toEqual(ranking.map(({ score }) => score).toSorted((a, b) => b - a));
  expect(new Set(ranking.map(({ score }) => score)).size).toBe(3);
  const image = await openImageEncoder("descriptor");
  const text = await openTextEncoder("title-hash");
  const best = ranking[0]?.image as string;
  const row = Float32Array.from([...(await image.encode([best])), ...(await text.encode(["How it works"]))]);
  const trained = await trainedModel();
  const engine = await openEngine({ backend: "wasm" });
  const predictor = openPredictor(
    engine,
    new ThumbnailRankingModel(trained.config.model, { weights: trained.weights }),
    1,
  );
  const { scores, auxiliary } = await predictor.predict(row);
  expect(ranking[0]?.score).toBeCloseTo(scores[0] as number, 5);
  expect(Object.keys(ranking[0]?.subScores ?? {})).toEqual([...AUXILIARY_HEADS]);
  expect(ranking[0]?.subScores.title_match).toBeCloseTo(auxiliary[5] as number, 5);
  engine.dispose();
});

test("the matrix says how likely each row beats each column, in the ranking's order", async () => {
  const { ranking, winProbability } = await rank(request());
  const { slope } = model.card.calibration;
  ranking.forEach((row, r) => {
    ranking.forEach((column, c) => {
      expect(winProbability[r]?.[c]).toBeCloseTo(1 / (1 + Math.exp(-slope * (row.score - column.score))), 12);
    });
  });
  expect(winProbability[0]?.[2]).toBeGreaterThan(0.5);
});

test("the answer has the agreed fields, no more, and survives JSON", async () => {
  const ranking = await rank(request());
  const fields = ["model", "version", "ranking", "winProbability", "decision", "threshold", "note"];
  expect(Object.keys(ranking)).toEqual(fields);
  const rowFields = ["index", "image", "title", "titleIndex", "score", "percentile", "subScores"];
  expect(Object.keys(ranking.ranking[0] ?? {})).toEqual(rowFields);
  expect(JSON.parse(JSON.stringify(ranking))).toEqual(ranking);
});

test("each picture is ranked with each title, as it is with that title alone, and a grid holds them all", async () => {
  const titles = ["How it works", "why it FAILS!", "10 robots"];
  const images = pictures().map((image) => ({ image, title: "replaced" }));
  const { ranking, grid, winProbability } = await rank({ model, encoders, images, titles });
  expect(ranking).toHaveLength(9);
  expect(winProbability).toHaveLength(9);
  expect(ranking.map(({ score }) => score)).toEqual(ranking.map(({ score }) => score).toSorted((a, b) => b - a));
  expect(grid?.titles).toEqual(titles);
  expect(grid?.images).toEqual(pictures());
  for (const { index, titleIndex, image, title, score, percentile } of ranking) {
    const alone = await rank({ model, encoders, images: [{ image, title: title ?? "" }] });
    expect(score).toBeCloseTo(alone.ranking[0]?.score as number, 6);
    expect([image, title]).toEqual([pictures()[index], titles[titleIndex ?? -1]]);
    expect(grid?.scores[index]?.[titleIndex ?? -1]).toBe(score);
    expect(grid?.percentiles[index]?.[titleIndex ?? -1]).toBe(percentile);
  }
});

test("one title for all pictures makes one row for each, and no grid", async () => {
  const { ranking, grid } = await rank({ ...request(), titles: ["10 robots"] });
  expect(ranking.map(({ title, titleIndex }) => [title, titleIndex])).toEqual(Array(3).fill(["10 robots", 0]));
  expect(grid).toBeUndefined();
});

test("the encoders see each picture and each title once", async () => {
  const image = vi.spyOn(encoders.image, "encode");
  const text = vi.spyOn(encoders.text, "encode");
  await rank({ ...request(), titles: ["a", "b"] });
  await rank(request());
  const sizes = (calls: readonly (readonly [readonly unknown[]])[]) => calls.map(([batch]) => batch.length);
  expect([sizes(image.mock.calls), sizes(text.mock.calls)]).toEqual([
    [3, 3],
    [2, 1],
  ]);
  vi.restoreAllMocks();
});

test("below the threshold the ranking cannot tell, and the note says so", async () => {
  const first = await rank(request());
  const ahead = first.winProbability[0]?.[1] as number;
  const above = await rank({ ...request(), threshold: ahead });
  expect([above.decision, above.threshold]).toEqual(["take the first", ahead]);
  expect(above.note).toMatch(/^Take the first: it beats the second with a probability of \d+ %\. /);
  const below = await rank({ ...request(), threshold: ahead + 1e-9 });
  expect(below.decision).toBe("cannot tell");
  expect(below.note).toMatch(/^Cannot tell which is better: the first beats the second with a probability of only /);
  expect(below.ranking).toEqual(above.ranking);
  expect(first.threshold).toBe(0.6);
  const alone = await rank({ ...request(), images: request().images.slice(0, 1) });
  expect(alone.decision).toBe("nothing to compare");
  expect(alone.note).toContain("nothing to compare");
});

test("order of the pictures, and company, change no score", async () => {
  const alone = await rank({ model, encoders, images: request().images.slice(0, 1) });
  const all = await rank({ model, encoders, images: request().images.toReversed() });
  const same = all.ranking.find(({ image }) => image === pictures()[0]);
  expect(alone.ranking[0]?.score).toBeCloseTo(same?.score as number, 6);
  expect(alone.winProbability).toEqual([[0.5]]);
});

test("percentiles are within a known channel, and the note says which they are", async () => {
  const note = async (channelId: string) => (await rank({ ...request(), channelId })).note;
  expect((await rank(request())).note).toContain("No channel was named");
  expect(await note("known")).toContain("among this channel's own videos");
  for (const unknown of ["other", "__proto__", "constructor"])
    expect(await note(unknown)).toContain("does not know this channel");
  const percentiles = async (channelId?: string) => {
    const { ranking } = await rank({ ...request(), ...(channelId === undefined ? {} : { channelId }) });
    return ranking.map(({ percentile }) => percentile);
  };
  expect(await percentiles("known")).not.toEqual(await percentiles());
});

test("the note says how the model did, and that chance is not beaten where it is not", async () => {
  const noteWith = async (low: number, metrics?: Record<string, unknown>) => {
    const evaluated = { test: { pairwiseAuc: { value: 0.52, low, high: 0.6 } } };
    return (await rank({ ...request(), model: { ...model, card: { ...model.card, metrics: metrics ?? evaluated } } }))
      .note;
  };
  expect(await noteWith(0.51)).toContain("pairwise AUC is 0.520 (0.510 to 0.600).");
  expect(await noteWith(0.49)).toContain("cannot be told apart from chance");
  expect(await noteWith(0, {})).toContain("without an evaluation");
});

test("a missing title is said, not hidden", async () => {
  const { note } = await rank({ model, encoders, images: pictures().map((image) => ({ image })) });
  expect(note).toContain("3 had no title");
});

test("bytes rank as the file they came from does", async () => {
  const [image] = request().images;
  const { readFile } = await import("node:fs/promises");
  const source = await readFile(image?.image as string);
  const fromBytes = await rank({ model, encoders, images: [{ image: "upload", source, title: "How it works" }] });
  const fromFile = await rank({ model, encoders, images: request().images.slice(0, 1) });
  expect(fromBytes.ranking[0]?.score).toBe(fromFile.ranking[0]?.score);
  expect(fromBytes.ranking[0]?.image).toBe("upload");
});

test("pictures that cannot be ranked are all named with their reasons", async () => {
  const broken = join(folder, "broken.jpg");
  await writeFile(broken, "this is no picture");
  const tiny = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } })
    .png()
    .toBuffer();
  const images = [
    { image: broken },
    { image: join(folder, "none.png") },
    { image: "tiny", source: tiny },
    { image: "empty", source: new Uint8Array(0) },
    { image: folder },
    ...request().images,
  ];
  const refused = await rank({ model, encoders, images }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ThumbnailsRefused);
  const reasons = refused instanceof ThumbnailsRefused ? refused.refusals : [];
  expect(reasons.map(({ image }) => image)).toEqual(images.slice(0, 5).map(({ image }) => image));
  expect(reasons.map(({ code }) => code)).toEqual([
    "PICTURE_FORMAT",
    "PICTURE_MISSING",
    "PICTURE_SIZE",
    "PICTURE_BROKEN",
    "PICTURE_UNREADABLE",
  ]);
});

test("no pictures, and more than a call takes, are refused", async () => {
  await expect(rank({ model, encoders, images: [] })).rejects.toThrow(RankingSizeInvalid);
  const many = Array.from({ length: 101 }, () => ({ image: "x" }));
  await expect(rank({ model, encoders, images: many })).rejects.toThrow(RankingSizeInvalid);
  const titles = Array.from({ length: 6 }, () => "x");
  await expect(rank({ ...request(), titles })).rejects.toThrow("6 titles");
});

test("a model that names a path in place of a title encoder opens nothing there", async () => {
  const text = { ...model.card.encoders.text, model: "../elsewhere/encoder" };
  const card = { ...model.card, encoders: { ...model.card.encoders, text } };
  await expect(openEncoders(card)).rejects.toThrow(EncoderUnknown);
});

test("an encoder of another revision is refused, both when opened and when ranking", async () => {
  const card = structuredClone(model.card);
  card.encoders.image.revision = "older";
  await expect(openEncoders(card)).rejects.toThrow(ModelEncoderMismatch);
  await expect(openEncoders(card)).rejects.toThrow("revision is");
  await expect(rank({ ...request(), model: { ...model, card } })).rejects.toThrow("not older");
});

test("a model trained before pictures were turned upright still ranks, with pictures as they are stored", async () => {
  const card = structuredClone(model.card);
  card.encoders.image = { ...card.encoders.image, revision: "1", preprocessing: "no-black-bars, bilinear 320x180" };
  const earlier = await openEncoders(card);
  const path = pictures()[0] as string;
  const turned = await sharp(path).rotate(-90).withMetadata({ orientation: 6 }).png().toBuffer();
  const images = [{ image: "upright" }, { image: "turned", source: turned }].map((one) => ({
    source: path,
    title: "How it works",
    ...one,
  }));
  const scores = async (request: Omit<RankRequest, "images">) => {
    const { ranking } = await rank({ ...request, images });
    return ["upright", "turned"].map((name) => ranking.find(({ image }) => image === name)?.score);
  };
  const [upright, turnedNow] = await scores({ model, encoders });
  const [uprightThen, turnedThen] = await scores({ model: { ...model, card }, encoders: earlier });
  expect(turnedNow).toBe(upright);
  expect(uprightThen).toBe(upright);
  expect(turnedThen).not.toBe(upright);
});

test("a refusal says which formats and sizes are taken", async () => {
  const refused = rank({ model, encoders, images: [{ image: "vector.jpg", source: Buffer.from("<svg/>") }] });
  await expect(refused).rejects.toThrow(
    "vector.jpg (it is not a JPEG, PNG or WebP picture). Next: replace them or leave them out; " +
      "accepted are JPEG, PNG and WebP pictures of 16 to 8,192 pixels a side, at most 33.2 megapixels, 10:1 and 50 MB",
  );
});

test("a channel's offset moves its own scores alone, and the note says which scores these are", async () => {
  const trained = await trainedModel();
  const width = trained.config.model.clipDim + trained.config.model.textDim;
  const direction = Float32Array.from({ length: width }, (_, column) => Math.sin(column));
  const channels = new Map([["known", { direction, share: 0.5, constant: 0.25 }]]);
  const channelOffsets = { lambda: 3, scoreWorth: 0.1, channels };
  const path = await exportModel(join(folder, "offsets"), { ...trained, channelOffsets });
  const adjusted = await loadModel(path);
  const plain = await rank(request());
  const known = await rank({ ...request(), model: adjusted, channelId: "known" });
  for (const { image, score } of known.ranking) {
    const [vector, title] = [await encoders.image.encode([image]), await encoders.text.encode(["How it works"])];
    const offset = [...vector, ...title].reduce((sum, value, column) => sum + value * Math.sin(column), 0);
    const global = plain.ranking.find((one) => one.image === image)?.score ?? 0;
    expect(score).toBeCloseTo(0.5 * global + offset + 0.25, 4);
  }
  expect(known.note).toContain("an offset from this channel's own past videos");
  for (const channelId of ["stranger", undefined]) {
    const other = await rank({ ...request(), model: adjusted, ...(channelId && { channelId }) });
    expect(other.ranking).toEqual(plain.ranking);
    expect(other.note.includes("no offset for this channel")).toBe(channelId !== undefined);
  }
  expect((await rank({ ...request(), channelId: "known" })).note).toContain("holds no offsets of channels");
  await adjusted.close();
});
