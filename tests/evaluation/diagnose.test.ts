import { expect, test } from "vitest";
import { random } from "../../lib/base/random";
import { TrainingOptions } from "../../lib/config";
import { diagnose, diagnosisLines, evaluate } from "../../lib/evaluation";
import type { RatedVideo } from "../../lib/store";
import type { EpochRecord } from "../../lib/training";
import { plantedWorld } from "./world";

const training = TrainingOptions.parse({});

/** A history of which only what a diagnosis reads matters. */
function history(epochs: number, of: (epoch: number) => Partial<EpochRecord>): EpochRecord[] {
  return Array.from({ length: epochs }, (_, epoch) => ({
    kind: "epoch",
    epoch,
    pair: 0.1,
    ctr: 0.1,
    auxiliary: 0.1,
    total: 0.3,
    gradNorm: 1,
    learningRate: 2e-5,
    steps: 10,
    pairs: 1234,
    swaCount: 0,
    msPerStep: 1,
    pairsPerSecond: 100,
    valAuc: 0.7,
    valAucByChannel: 0.7,
    valCorr: 0.4,
    trainAuc: 0.72,
    ...of(epoch),
  }));
}

const issues = (records: EpochRecord[], options = training) =>
  diagnose(records, null, { training: options }).findings.map(({ issue }) => issue);

test("a sound history: nothing found, and the numbers looked at are told", () => {
  const diagnosis = diagnose(
    history(40, (epoch) => ({ valAuc: 0.5 + epoch / 200 })),
    null,
    { training },
  );
  expect(diagnosis.findings).toEqual([]);
  expect(diagnosisLines(diagnosis)[0]).toBe("Diagnosis: nothing found.");
  expect(diagnosis.looked).toEqual([
    "best validation AUC of the last 20 epochs: 0.695 (stuck up to 0.52)",
    "correlation of the CTR head: 0.400 (validation) (low below 0.1)",
    "train AUC 0.720, validation AUC 0.695: gap 0.025 (overfitting above 0.1)",
    "validation AUC was highest around epoch 39 (0.693) and ends at 0.690 (too long if the highest is in the first half and the fall is above 0.02)",
    "gain of pictures over titles alone: not known",
    "labels against upload time: not known",
  ]);
});

test("AUC stuck at 0.5: the guide's advice with the present settings", () => {
  const flat = history(40, (epoch) => ({ valAuc: 0.5 + 0.01 * Math.sin(epoch), trainAuc: 0.51 }));
  const { findings } = diagnose(flat, null, { training });
  expect(findings.map(({ issue }) => issue)).toEqual(["aucStuck"]);
  const text = [findings[0]?.evidence, ...(findings[0]?.advice ?? [])].join("\n");
  expect(text).toContain("0.51");
  expect(text).toContain("not learning");
  expect(text).toContain("learning rate: now 2e-5");
  expect(text).toContain("1e-5 to 1e-4");
  expect(text).toContain("labels are correct");
  expect(text).toContain("now 16, try 32");
});

test("a learning rate outside the guide's range is named so", () => {
  const flat = history(40, () => ({ valAuc: 0.5, trainAuc: 0.5 }));
  const lines = diagnosisLines(diagnose(flat, null, { training: { ...training, learningRate: 0.1 } })).join("\n");
  expect(lines).toContain("now 1e-1, outside the guide's range");
});

test("a short run that has learned nothing yet is told to train longer, one that has learned is not", () => {
  const advice = (trainAuc: number, epochs: number) =>
    diagnosisLines(
      diagnose(
        history(epochs, () => ({ valAuc: 0.5, trainAuc })),
        null,
        { training },
      ),
    ).join("\n");
  expect(advice(0.51, 5)).toContain("train longer: this run had 5 epochs");
  expect(advice(0.9, 5)).not.toContain("train longer");
  expect(advice(0.51, 40)).not.toContain("train longer");
});

test("a late rise is not stuck, an early rise that is lost again is", () => {
  expect(issues(history(40, (epoch) => ({ valAuc: epoch < 30 ? 0.5 : 0.6, trainAuc: 0.6 })))).toEqual([]);
  expect(issues(history(40, (epoch) => ({ valAuc: epoch < 10 ? 0.6 : 0.5, trainAuc: 0.55 })))).toEqual([
    "aucStuck",
    "trainedTooLong",
  ]);
});

test("correlation below 0.1: noise, data and normalisation, with counts", () => {
  const low = history(40, () => ({ valCorr: 0.04 }));
  const { findings } = diagnose(low, null, { training, proxy: "ageAdjusted" });
  expect(findings.map(({ issue }) => issue)).toEqual(["lowCorrelation"]);
  const text = [findings[0]?.evidence, ...(findings[0]?.advice ?? [])].join("\n");
  expect(text).toContain("0.040");
  expect(text).toContain("noisy");
  expect(text).toContain("1,234 pairs");
  expect(text).toContain('"ageAdjusted", try "viewsPerHour"');
});

test("overfitting: dropout, weight decay, mixup and smoothing as they stand, and the best epoch", () => {
  const over = history(40, (epoch) => ({ trainAuc: 0.6 + epoch / 100, valAuc: epoch < 10 ? 0.6 + epoch / 100 : 0.65 }));
  const { findings } = diagnose(over, null, { training: { ...training, mixupAlpha: 0, labelSmoothing: 0 } });
  expect(findings.map(({ issue }) => issue)).toEqual(["overfitting", "trainedTooLong"]);
  const text = [findings[0]?.evidence, ...(findings[0]?.advice ?? [])].join("\n");
  expect(text).toContain("train AUC 0.990, validation AUC 0.650");
  expect(text).toContain("0.20 (dropoutScale 1), the guide's next is 0.30");
  expect(text).toContain("now 0.01, try 0.02");
  expect(text).toContain("mixup's alpha is 0, which is off");
  expect(text).toContain("now off; the guide's is 0.15");
  expect(text).toContain("after epoch 9 (0.690)");
});

test("advice already followed is not given again", () => {
  const over = history(40, () => ({ trainAuc: 0.9 }));
  const followed = { ...training, dropoutScale: 1.5, weightDecay: 0.02 };
  const lines = diagnosisLines(diagnose(over, null, { training: followed })).join("\n");
  expect(lines).toContain("already at the guide's 0.30");
  expect(lines).toContain("already at the guide's 0.02");
});

test("learning the training pairs alone is both stuck and overfitting", () => {
  expect(issues(history(40, () => ({ valAuc: 0.5, trainAuc: 0.9 })))).toEqual(["aucStuck", "overfitting"]);
});

test("trained too long: after which epoch, and how to choose fewer; a lone peak and a late one are none", () => {
  const early = history(40, (epoch) => ({
    valAuc: epoch < 8 ? 0.56 : 0.53 + (epoch === 30 ? 0.04 : 0),
    trainAuc: 0.6,
  }));
  const { findings } = diagnose(early, null, { training });
  expect(findings.map(({ issue }) => issue)).toEqual(["trainedTooLong"]);
  const text = [findings[0]?.evidence, ...(findings[0]?.advice ?? [])].join("\n");
  expect(text).toContain("highest around epoch 0 (0.560) and ends at 0.530, after 40 epochs");
  expect(text).toContain("train --folds 5");
  expect(text).toContain("--epochs 1");
  expect(issues(history(40, (epoch) => ({ valAuc: epoch === 5 ? 0.58 : 0.53, trainAuc: 0.6 })))).toEqual([]);
  expect(issues(history(40, (epoch) => ({ valAuc: epoch === 5 ? 0.6 : 0.53, trainAuc: 0.6 })))).toEqual([
    "trainedTooLong",
  ]);
  expect(issues(history(40, (epoch) => ({ valAuc: epoch < 30 ? 0.56 : 0.53, trainAuc: 0.6 })).slice(20))).toEqual([]);
});

test("the folds that chose the number of epochs are told", () => {
  const folds = [
    { channels: 3, pairs: 100, valAuc: [0.51, 0.55, 0.56, 0.54] },
    { channels: 2, pairs: 90, valAuc: [0.5, 0.52, 0.51, 0.53] },
  ];
  const { looked } = diagnose(
    history(3, () => ({})),
    null,
    { training, folds },
  );
  // Means over five channels: 0.506, 0.538, 0.540, 0.536; with neighbours the third is the highest.
  expect(looked.join("\n")).toContain(
    "2 folds chose 3 epochs (mean AUC 0.540); on their own they were best after 3, 4",
  );
});

test("a picture encoder that adds nothing is named, with the encoder and the gains; one that adds is not", () => {
  const { data, appeal } = plantedWorld({ noise: 0.2, channels: { train: 20, validation: 6, test: 12 } });
  const appeals = Float64Array.from(data.videos, ({ videoId }) => appeal.get(videoId) ?? Number.NaN);
  const ctr = new Float64Array(data.videos.length).fill(0.5);
  const seeing = evaluate({ data, scores: appeals, ctr, seed: 1, resamples: 200 });
  const found = diagnose([], seeing, { training });
  expect(found.findings.map(({ issue }) => issue)).not.toContain("idlePictures");

  const source = random(2, "pictures of something else");
  const width = data.imageDim + data.textDim;
  const features = Float32Array.from(data.features, (value, index) =>
    index % width < data.imageDim ? source.normal() / Math.sqrt(data.imageDim) : value,
  );
  const blind = evaluate({ data: { ...data, features }, scores: ctr, ctr, seed: 1, resamples: 200 });
  expect(blind.channel.pictureGain.value).toBeCloseTo(
    blind.channel.baselines.logistic.pairwiseAuc.value - blind.channel.baselines.titleOnly.pairwiseAuc.value,
    10,
  );
  const finding = diagnose([], blind, { training }).findings.find(({ issue }) => issue === "idlePictures");
  expect(finding?.evidence).toMatch(
    /on unseen channels: logistic regression .\d\.\d{3} \(.* to .*\), model −0\.\d{3} \(/,
  );
  expect(finding?.advice.join("\n")).toContain(`embedded by ${data.identities.image.model}`);
});

test("figures that no epoch has are said to be unknown, not judged", () => {
  const unknown = history(5, () => ({ valAuc: null, valCorr: null, trainAuc: null }));
  const diagnosis = diagnose(unknown, null, { training });
  expect(diagnosis.findings).toEqual([]);
  expect(diagnosis.looked.every((line) => line.endsWith("not known"))).toBe(true);
});

test("a report alone is enough", () => {
  const { data } = plantedWorld();
  const source = random(1, "noise");
  const noise = Float64Array.from(data.videos, () => source.uniform());
  const report = evaluate({ data, scores: noise, ctr: noise, seed: 1, resamples: 20 });
  const found = diagnose([], report, { training }).findings.map(({ issue }) => issue);
  expect(found).toContain("lowCorrelation");
  expect(report.folds.validation.pairwiseAuc > 0.52 || found.includes("aucStuck")).toBe(true);
});

test("a label that follows upload time is found, whichever of the two it is, and one that does not is not", () => {
  const { data } = plantedWorld();
  const time = (video: RatedVideo) => video.publishedAt.getTime();
  const withLabels = (proxy: (video: RatedVideo) => number, ctrNeighbours: (video: RatedVideo) => number) => {
    const videos = data.videos.map((video) => ({ ...video, proxy: proxy(video), ctrNeighbours: ctrNeighbours(video) }));
    const scores = new Float64Array(videos.length);
    const report = evaluate({ data: { ...data, videos }, scores, ctr: scores, seed: 1, resamples: 20 });
    return diagnose([], report, { training }).findings.find(({ issue }) => issue === "labelFollowsTime");
  };
  const source = random("labels");
  const chance = () => source.uniform();
  expect(withLabels(chance, chance)).toBeUndefined();
  expect(withLabels((video) => 1 + time(video), chance)?.evidence).toContain("the proxy of the pairs 1.000");
  expect(withLabels(chance, (video) => -time(video))?.evidence).toContain('the CTR target "neighbours" −1.000');
  const both = withLabels((video) => 1 + time(video), time);
  expect(both).toMatchObject({ title: "Label follows upload time" });
  expect(both?.advice.join()).toContain("--proxy residual");
});
