import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportModel, type Ranking } from "../../lib/deployment";
import { trainedModel } from "../deployment/trained";
import { pictureFile } from "../embedding/golden";
import { run, succeed } from "./thumbrank";

const home = mkdtempSync(join(tmpdir(), "thumbrank-models-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const inHome = ["--data-dir", home];
const pictures = ["wide.jpg", "portrait.jpg"].map(pictureFile);
const rankBy = (model: string): Promise<Ranking> =>
  succeed(["rank", ...pictures, "--model", model, "--json", ...inHome]).then(JSON.parse);

beforeAll(async () => {
  await exportModel(join(home, "models"), await trainedModel());
  await exportModel(join(home, "models"), await trainedModel({ calibration: { slope: 9, pairs: 100 } }));
});

test("`models list` shows each version and which is current, and `models use` goes back and forth", async () => {
  const list = async () => JSON.parse(await succeed(["models", "list", "--json", ...inHome])).models;
  const [first, second] = await list();
  expect([first, second]).toMatchObject([
    { name: "first", version: 1, isCurrent: false, damage: null },
    { name: "first", version: 2, isCurrent: true, damage: null },
  ]);
  expect(await succeed(["models", "list", ...inHome])).toMatch(/first@2\s+current\s+descriptor, title-hash\s+0\.7000/);
  expect(await succeed(["models", "use", "first@1", ...inHome])).toContain("first is now version 1");
  expect((await list()).map(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toEqual([true, false]);
});

test("`rank --model NAME@VERSION` ranks by that version, and NAME by the current one", async () => {
  await succeed(["models", "use", "first@2", ...inHome]);
  const [one, two, current] = await Promise.all([rankBy("first@1"), rankBy("first@2"), rankBy("first")]);
  expect([one.version, two.version, current.version]).toEqual([1, 2, 2]);
  expect(current.winProbability).toEqual(two.winProbability);
  const logit = ({ winProbability }: Ranking) => {
    const probability = winProbability[0]?.[1] ?? Number.NaN;
    return Math.log(probability / (1 - probability));
  };
  expect(logit(two) / logit(one)).toBeCloseTo(9 / 2, 6);
});

test.each([
  [["models", "use", "first@7"], "MODEL_VERSION_MISSING"],
  [["models", "use", "../first@1"], "MODEL_REFERENCE_INVALID"],
  [["models", "use", "nobody@1"], "MODEL_MISSING"],
  [["rank", ...pictures, "--model", "first@7"], "MODEL_VERSION_MISSING"],
])("%j ends with %s", async (args, code) => {
  const ended = await run([...args, ...inHome]);
  expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(code)]);
});
