import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, succeed } from "./thumbrank";

const SHORT = ["--epochs", "2", "--swa-start", "1"];
let root: string;
let prepared: string;

/** A home with a small world, ready to be trained on. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "thumbrank-runs-"));
  prepared = join(root, "prepared");
  const home = ["--data-dir", prepared];
  await succeed(["sample", "--channels", "10", "--videos-per-channel", "14", ...home]);
  await succeed(["pairs", "--max-pairs-per-channel", "40", ...home]);
  await succeed(["embed", "--image", "descriptor", "--text", "title-hash", ...home]);
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

async function homeCopy(name: string): Promise<string> {
  const home = join(root, name);
  await cp(prepared, home, { recursive: true });
  return home;
}

test("runs are listed and shown with their settings, data and figures, for people and programs", async () => {
  const home = await homeCopy("shown");
  expect(await succeed(["runs", "list", "--data-dir", home])).toContain("no runs yet");
  await succeed(["train", "--run", "first", ...SHORT, "--data-dir", home]);
  await succeed(["train", "--run", "second", ...SHORT, "--lr", "1e-3", "--data-dir", home]);
  await succeed(["evaluate", "--run", "first", "--data-dir", home]);

  const { runs } = JSON.parse(await succeed(["runs", "list", "--json", "--data-dir", home]));
  const [first, second] = runs;
  expect([first.name, second.name]).toEqual(["first", "second"]);
  expect(second.changedSettings).toEqual({ epochs: 2, swaStart: 1, learningRate: 1e-3 });
  expect(first.data.hash).toBe(second.data.hash);
  const evaluation = JSON.parse(await readFile(join(home, "runs", "first", "evaluation.json"), "utf8"));
  expect(first.evaluation.channel.pairwiseAuc).toEqual(evaluation.test.pairwiseAuc);
  expect(second.evaluation).toBeNull();
  expect((await succeed(["runs", "list", "--data-dir", home])).split("\n")).toEqual(
    expect.arrayContaining([expect.stringMatching(/^second .* finished +2\/2 .* epochs=2 lr=0\.001 swa-start=1$/)]),
  );

  const shown = await succeed(["runs", "show", "second", "--data-dir", home]);
  expect(shown).toMatch(/^lr +0\.001 +0\.00002$/m);
  expect(shown).toContain("thumbnails by descriptor, titles by title-hash");
  expect(shown).toContain("validation AUC by epoch");
  expect(shown).toContain("not evaluated: `thumbrank evaluate`");
  expect(await run(["runs", "show", "nope", "--data-dir", home])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("RUN_UNKNOWN: there is no run nope; there are first, second"),
  });

  const compare = ["runs", "compare", "first", "second", "--data-dir", home];
  expect(await succeed(compare)).toContain("not evaluated: second; `thumbrank evaluate --run second` first");
  await succeed(["evaluate", "--run", "second", "--data-dir", home]);
  const page = join(home, "comparison.html");
  const compared = await succeed([...compare, "--html", page]);
  expect(compared).toMatch(/^differs +first +second$/m);
  expect(compared).toMatch(/^second minus first, channels never seen in training: /m);
  expect(await readFile(page, "utf8")).toContain("<h2>What differs</h2>");
  for (const names of [["first"], ["first", "first"]])
    expect(await run(["runs", "compare", ...names, "--data-dir", home])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^RUNS_TO_COMPARE: /),
    });

  // An evaluation belongs to the weights that were evaluated.
  await succeed(["train", "--run", "first", ...SHORT, "--overwrite", "--data-dir", home]);
  const again = JSON.parse(await succeed(["runs", "show", "first", "--json", "--data-dir", home]));
  expect([again.state, again.evaluation, again.history.length]).toEqual(["finished", null, 2]);
}, 300_000);
