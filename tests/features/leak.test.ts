import { expect, test } from "vitest";
import { assertNoLeak, type Leak, LeakFound, type PlacedVideo } from "../../lib/features";
import type { Fold, TrainingPair } from "../../lib/store";

function video(videoId: string, channelId: string, fold: Fold, day: number, sha256 = videoId): PlacedVideo {
  const publishedAt = new Date(Date.UTC(2024, 0, day));
  return { videoId, channelId, fold, labelUnit: "engaged", publishedAt, picture: { sha256, format: "jpeg" } };
}

function pair(winnerId: string, loserId: string, channelId: string, fold: Fold): TrainingPair {
  return { winnerId, loserId, channelId, fold, margin: 0.5 };
}

const VIDEOS = [
  video("a1", "A", "train", 1),
  video("a2", "A", "train", 2),
  video("a3", "A", "time", 3),
  video("a4", "A", "time", 4),
  video("b1", "B", "validation", 1),
  video("b2", "B", "validation", 2),
  video("c1", "C", "test", 1),
  video("c2", "C", "test", 2),
];
const PAIRS = [
  pair("a1", "a2", "A", "train"),
  pair("a4", "a3", "A", "time"),
  pair("b1", "b2", "B", "validation"),
  pair("c2", "c1", "C", "test"),
];

function leaks(videos: PlacedVideo[], pairs: TrainingPair[]): Leak[] {
  try {
    assertNoLeak(videos, pairs);
    return [];
  } catch (thrown) {
    if (thrown instanceof LeakFound) return thrown.leaks;
    throw thrown;
  }
}

test("folds that are apart pass, with identical pictures inside one fold and videos without a picture", () => {
  const more = [video("a0", "A", "train", 1, "a1"), { ...video("c3", "C", "test", 3), picture: null }];
  const bare = { ...video("a9", "A", "train", 1), picture: null };
  expect(leaks([...VIDEOS, ...more, bare], PAIRS)).toEqual([]);
});

const PLANTED: [kind: Leak["kind"], name: string, videos: PlacedVideo[], pairs: TrainingPair[]][] = [
  ["video", "a video in train and time", [video("a5", "A", "train", 2, "x"), video("a5", "A", "time", 5, "y")], []],
  ["channel", "a channel in train and test", [video("a5", "A", "test", 5)], []],
  ["channel", "a channel in validation and test", [video("b5", "B", "test", 5)], []],
  ["channel", "a channel in time and validation", [video("a5", "A", "validation", 5)], []],
  ["picture", "a picture in train and test", [video("c5", "C", "test", 5, "a1")], []],
  ["picture", "a picture in train and time of one channel", [video("a5", "A", "time", 5, "a1")], []],
  ["picture", "a picture in validation and test", [video("c5", "C", "test", 5, "b1")], []],
  ["time", "a time video older than a training video", [video("a0", "A", "time", 1)], []],
  ["pair", "a pair across folds", [], [pair("a1", "a3", "A", "train")]],
  ["pair", "a pair of another fold than its videos'", [], [pair("c1", "c2", "C", "train")]],
  ["pair", "a pair across channels", [video("d1", "D", "train", 1)], [pair("a1", "d1", "A", "train")]],
  ["pair", "a pair of an unknown video", [], [pair("a1", "removed", "A", "train")]],
];

test.each(PLANTED)("%s leak: %s is found", (kind, _name, videos, pairs) => {
  const found = leaks([...VIDEOS, ...videos], [...PAIRS, ...pairs]);
  expect(found.map((leak) => leak.kind)).toEqual([kind]);
});

test("the error counts all leaks and names the first", () => {
  const planted = [video("a5", "A", "test", 5), video("c5", "C", "test", 5, "a1")];
  expect(() => assertNoLeak([...VIDEOS, ...planted], PAIRS)).toThrow(/channel A is in train and test, and 1 more/);
});

test("a pair that compares views of two units is found", () => {
  const videos = VIDEOS.map((video) => (video.videoId === "b2" ? { ...video, labelUnit: "starts" as const } : video));
  expect(leaks(videos, PAIRS)).toEqual([
    { kind: "unit", what: "the validation pair of b1 and b2 compares engaged with starts views" },
  ]);
});
