import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  defaultThreads,
  fastest,
  keepThreads,
  keptThreads,
  openEngine,
  type Threads,
  threadChoices,
} from "../../lib/engine";
import { hasTensorFlow } from "./available";

const folder = mkdtempSync(join(tmpdir(), "thumbrank-threads-"));
afterAll(() => rmSync(folder, { recursive: true }));

const named = ({ intraOpThreads, interOpThreads }: Threads) => `${intraOpThreads},${interOpThreads}`;

test("by default one thread an operation, and operations at a time by cores, from 2 to 8", () => {
  expect([1, 2, 4, 16, 96].map((cores) => named(defaultThreads(cores)))).toEqual(["1,2", "1,2", "1,4", "1,8", "1,8"]);
});

test.each([1, 2, 4, 16])("on %i cores the default is measured first, and no choice twice", (cores) => {
  const choices = threadChoices(cores).map(named);
  expect(choices[0]).toBe(named(defaultThreads(cores)));
  expect(choices).toEqual([...new Set(choices)]);
  expect(choices).toContain(`${cores},1`);
});

const CHOICES = [
  { intraOpThreads: 1, interOpThreads: 2 },
  { intraOpThreads: 2, interOpThreads: 1 },
  { intraOpThreads: 2, interOpThreads: 2 },
];

/** Times of each choice, round by round. */
async function chosen(rounds: number[][]): Promise<string> {
  const counts = new Map<Threads, number>();
  const order: number[] = [];
  const found = await fastest(CHOICES, async (choice) => {
    const round = counts.get(choice) ?? 0;
    counts.set(choice, round + 1);
    order.push(CHOICES.indexOf(choice));
    return rounds[round]?.[CHOICES.indexOf(choice)] as number;
  });
  expect(order).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2]);
  return `${named(found)} in ${found.msPerStep}`;
}

test("the fastest in its best round is taken, and the first unless another is clearly faster", async () => {
  expect(
    await chosen([
      [10, 8, 7],
      [10, 8, 6],
      [11, 20, 30],
    ]),
  ).toBe("2,2 in 6");
  expect(
    await chosen([
      [10, 9.5, 9.2],
      [12, 9.5, 9.2],
      [11, 9.5, 9.1],
    ]),
  ).toBe("1,2 in 10");
  expect(
    await chosen([
      [10, 3, 12],
      [10, 40, 12],
      [10, 40, 12],
    ]),
  ).toBe("2,1 in 3");
});

test("what was measured is kept for its work alone; a damaged file counts as nothing", async () => {
  const measured = { intraOpThreads: 2, interOpThreads: 4, msPerStep: 3.5 };
  expect(await keptThreads("batch 16", folder)).toBeUndefined();
  await keepThreads("batch 16", measured, folder);
  await keepThreads("batch 256", { ...measured, interOpThreads: 2 }, folder);
  expect(await keptThreads("batch 16", folder)).toEqual(measured);
  expect(await keptThreads("batch 256", folder)).toEqual({ ...measured, interOpThreads: 2 });
  expect(await keptThreads("batch 64", folder)).toBeUndefined();
  for (const damage of ["{", "null", "[1]", '{"a": {"intraOpThreads": 0}}']) {
    writeFileSync(join(folder, "threads.json"), damage);
    expect(await keptThreads("batch 16", folder)).toBeUndefined();
  }
  await keepThreads("batch 16", measured, folder);
  expect(await keptThreads("batch 16", folder)).toEqual(measured);
});

const TASKS = "/proc/self/task";

test.skipIf(!hasTensorFlow || !existsSync(TASKS))(
  "each engine has its own threads, whatever the first one had (needs TensorFlow's library, on Linux)",
  async () => {
    const threadsAfter = async (intraOpThreads: number) => {
      const before = readdirSync(TASKS).length;
      const engine = await openEngine({ backend: "tensorflow", intraOpThreads });
      expect(engine.settings?.intraOpThreads).toBe(intraOpThreads);
      return { engine, more: readdirSync(TASKS).length - before };
    };
    const first = await threadsAfter(1);
    const one = await threadsAfter(1);
    const ten = await threadsAfter(10);
    // Within an operation the thread that runs it counts as one.
    expect(ten.more - one.more).toBeGreaterThanOrEqual(8);
    for (const { engine } of [first, one, ten]) engine.dispose();
  },
);
