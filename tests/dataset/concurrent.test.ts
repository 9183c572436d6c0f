import { expect, test } from "vitest";
import { mapConcurrently } from "../../lib/dataset/concurrent";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("results come in the order of the items, with no more calls under way than allowed", async () => {
  let running = 0;
  let most = 0;
  const results = await mapConcurrently([5, 1, 4, 2, 3, 0], 3, async (turns) => {
    most = Math.max(most, ++running);
    for (let left = turns; left > 0; left--) await turn();
    running--;
    return turns * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30, 0]);
  expect(most).toBe(3);
});

test("after a failure those under way finish, none is begun, and the failure is thrown", async () => {
  const finished: number[] = [];
  const failing = mapConcurrently([0, 1, 2, 3, 4, 5], 2, async (item) => {
    await turn();
    if (item === 1) throw new Error("disk full");
    await turn();
    finished.push(item);
  });
  await expect(failing).rejects.toThrow("disk full");
  expect(finished).toEqual([0]);
});
