import { expect, test } from "vitest";
import { finish, type Progress } from "../../lib/base/progress";
import { runStage, type Stage } from "../../lib/base/stages";

const stageOf = (pieces: number[], perform: (piece: number) => Promise<number>): Stage<number> => ({
  name: "add",
  concurrency: 3,
  count: async () => pieces.length,
  async *pending() {
    yield* pieces;
  },
  perform,
});

test("every piece is done once, and at most so many are under way", async () => {
  const done: number[] = [];
  let underWay = 0;
  let most = 0;
  const stage = stageOf([...Array(50).keys()], async (piece) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay--;
    done.push(piece);
    return 2;
  });
  const shown: Progress[] = [];
  expect(await finish(runStage(stage), (fact) => shown.push(fact))).toBe(100);
  expect(done.sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
  expect(most).toBe(3);
  expect(shown.at(-1)).toMatchObject({ done: 100 });
});

test("a failure is thrown after what is under way has ended, and nothing more is begun", async () => {
  const ended: number[] = [];
  const stage = stageOf([...Array(50).keys()], async (piece) => {
    await new Promise((resolve) => setTimeout(resolve, piece === 1 ? 1 : 20));
    ended.push(piece);
    if (piece === 1) throw new Error("piece 1 failed");
    return 1;
  });
  await expect(finish(runStage(stage))).rejects.toThrow("piece 1 failed");
  expect(ended.length).toBeLessThanOrEqual(4);
  expect(ended).toContain(0);
});
