import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, start, succeed } from "./thumbrank";

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-ablate-"));
  const world = ["--channels", "12", "--videos-per-channel", "14", "--edge-share", "0.9"];
  await succeed(["sample", ...world, "--data-dir", home]);
  await succeed(["pairs", "--max-pairs-per-channel", "40", "--proxy", "residual", "--data-dir", home]);
}, 300_000);
afterAll(() => rm(home, { recursive: true, force: true }));

const SETTINGS = ["--recipe", "guide", "--epochs", "4", "--swa-start", "2", "--lr", "1e-3", "--hidden-dim", "64"];
const geometry = (geometries = "full,crop") => [
  ...["ablate", "geometry", "--image", "descriptor", "--text", "title-hash", "--geometries", geometries],
  ...[...SETTINGS, "--data-dir", home],
];
const record = (name: string) => readFile(join(home, "runs", name, "run.json"), "utf8").then(JSON.parse);

test("an ablation that is killed continues, does nothing twice, and differs from the crop as `runs compare` says", async () => {
  const { child, outcome } = start([...geometry(), "--json"]);
  while (!existsSync(join(home, "runs", "ablate-geometry-full")) && child.exitCode === null) await sleep(5);
  child.kill("SIGKILL");
  await outcome;
  const before = await record("ablate-geometry-crop");
  expect(before.result).not.toBeNull();

  const { code, stdout, stderr } = await run([...geometry(), "--json"]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("run ablate-geometry-crop, trained before")]);
  expect(await record("ablate-geometry-crop")).toEqual(before);
  const ablation = JSON.parse(stdout);
  expect(ablation.reference).toBe("crop");
  expect(ablation.runs.map(({ name }: { name: string }) => name)).toEqual(["crop", "full"]);
  const { channel } = ablation;
  expect(channel.variants.crop.minusReference).toBeNull();
  const { minusReference: minus, pairwiseAuc } = channel.variants.full;
  expect(minus.pairwiseAuc.value).toBeCloseTo(pairwiseAuc.value - channel.variants.crop.pairwiseAuc.value, 12);
  const names = ["ablate-geometry-crop", "ablate-geometry-full"];
  const compared = JSON.parse(await succeed(["runs", "compare", ...names, "--json", "--data-dir", home]));
  expect(compared.runs[1].minusFirst.channel).toEqual(minus);
  expect(compared.settings.map(({ name }: { name: string }) => name)).toEqual(["data"]);
  // Nine tenths of the appeal lie outside of the middle square.
  expect(channel.variants.full.pictureOnly.value).toBeGreaterThan(channel.variants.crop.pictureOnly.value + 0.05);

  const evaluation = join(home, "runs", "ablate-geometry-full", "evaluation.json");
  const evaluatedMs = (await stat(evaluation)).mtimeMs;
  const table = await succeed(geometry());
  expect((await stat(evaluation)).mtimeMs).toBe(evaluatedMs);
  expect(table).toMatch(
    /^full +0\.\d{3} +0\.\d{3} \[0\.\d{3}, 0\.\d{3}\] +[+-]0\.\d{3} \[[+-]0\.\d{3}, [+-]0\.\d{3}\] /m,
  );
  expect(table).toMatch(/^newer wins +0\.\d{3} /m);
}, 300_000);

test("a single geometry and one that does not exist are refused", async () => {
  const before = await readdir(join(home, "checkpoints"));
  for (const names of ["crop", "crop,oval"])
    expect(await run(geometry(names))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("two or more of crop, "),
    });
  expect(await readdir(join(home, "checkpoints"))).toEqual(before);
});

test("a geometry that the encoder lacks is refused where it is named", async () => {
  expect(await run(geometry("crop,wide"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('descriptor does not take in pictures as "wide"'),
  });
});

test("other settings under the same names are refused before anything is trained", async () => {
  expect(await run([...geometry(), "--mixup-alpha", "0"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("CHECKPOINT_CONFIG_MISMATCH"),
  });
});
