import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openClient, type Ranking, toForm } from "../../clients/typescript/client";
import { MODEL_NAME } from "../../lib/config";
import { exportModel } from "../../lib/deployment";
import { type Running, start, succeed } from "../cli/thumbrank";
import { trainedModel } from "../deployment/trained";
import { root } from "../house/files";
import { startKernel } from "../kernel/kernel";
import { hasJupyter } from "../kernel/notebook";
import { hasChromium, openChromium } from "../page/chromium";
import { hasTestPython, testPython } from "../python/environment";
import { picture } from "./running";

const TITLE = "I built a robot";
/** Pictures with their scores, best first. */
type Scored = { image: string; score: number }[];

let home: string;
let model: string;
let pictures: string[];
let server: Running;
let address: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "five-ways-"));
  model = await exportModel(join(home, "models"), await trainedModel({ name: MODEL_NAME }));
  pictures = [0, 1, 2].map((number) => join(home, `${number}.jpg`));
  for (const [number, path] of pictures.entries()) await writeFile(path, await picture(number));
  server = start(["serve", "--port", "0", "--data-dir", home]);
  address = await listening(server);
});
afterAll(async () => {
  server.child.kill("SIGTERM");
  const { code, stderr } = await server.outcome;
  await rm(home, { recursive: true, force: true });
  expect(code, stderr).toBe(0);
});

async function listening({ child, outcome }: Running): Promise<string> {
  for await (const line of createInterface(child.stderr as NodeJS.ReadableStream)) {
    const found = /listening on (\S+)/.exec(line)?.[1];
    if (found !== undefined) return found;
  }
  throw new Error((await outcome).stderr);
}

const scored = ({ ranking }: Pick<Ranking, "ranking">): Scored =>
  ranking.map(({ image, score }) => ({ image: basename(image), score }));
const files = () =>
  Promise.all(pictures.map(async (path) => new File([new Uint8Array(await readFile(path))], basename(path))));

async function onCommandLine(): Promise<Scored> {
  const args = ["rank", ...pictures, "--title", TITLE, "--data-dir", home, "--json"];
  return scored(JSON.parse(await succeed(args)) as Ranking);
}

async function byService(): Promise<Scored> {
  const body = { images: await files(), title: [TITLE] };
  const { data } = await openClient(address).POST("/v1/rank", { body, bodySerializer: toForm });
  return scored(data as Ranking);
}

/** What the page saves as CSV after ranking. */
async function onPage(): Promise<Scored> {
  const browser = await openChromium();
  try {
    const page = await browser.newPage();
    await page.goto(address);
    await page.setInputFiles("#files", pictures);
    await page.getByLabel("Title 1").fill(TITLE);
    await page.click("#rank");
    const saved = page.waitForEvent("download");
    await page.click("#save-csv");
    const rows: Record<string, string>[] = parse(await readFile(await (await saved).path()), { columns: true });
    return rows.map(({ thumbnail = "", score }) => ({ image: thumbnail, score: Number(score) }));
  } finally {
    await browser.close();
  }
}

/** Runs notebook 07's own cells that import, open the encoders, rank, and print the answer. */
async function inNotebook(): Promise<Scored> {
  const { cells } = JSON.parse(await readFile(join(root, "notebooks", "07_deploy.ipynb"), "utf8")) as {
    cells: { cell_type: string; source: string[] }[];
  };
  const cell = (part: string) =>
    cells.filter(({ cell_type }) => cell_type === "code").find(({ source }) => source.join("").includes(part));
  const given = `
    const loaded = await deployment.loadModel(${JSON.stringify(model)});
    const { card } = loaded;
    const isOwn = true;
    const three: { channelId: string }[] = [];
    const candidates = ${JSON.stringify(pictures)}.map((image: string) => ({ image, title: ${JSON.stringify(TITLE)} }));`;
  const kernel = await startKernel();
  try {
    const asked = ["./lib/deployment", given, "deployment.openEncoders(loaded)", "JSON.stringify(answer"];
    let printed = "";
    for (const part of asked) {
      const code = part === given ? given : (cell(part)?.source.join("") ?? "");
      const { outputs, reply } = await kernel.execute(code);
      expect(reply.status, JSON.stringify(outputs)).toBe("ok");
      printed = outputs.map(({ text = "" }) => text).join("");
    }
    return scored(JSON.parse(printed) as Ranking);
  } finally {
    await kernel.close();
  }
}

const ONNX = `
import json, sys
import numpy, onnxruntime
model, = sys.argv[1:]
rows = numpy.array(json.load(sys.stdin), numpy.float32)
session = onnxruntime.InferenceSession(model)
scores, = session.run(["score"], {"embedding": rows})
print(json.dumps(scores.reshape(-1).tolist()))
`;

/** Python's onnxruntime on the exported graph and the service's embeddings. */
async function inPython(): Promise<Scored> {
  const body = { images: await files(), title: [TITLE] };
  const { data } = await openClient(address).POST("/v1/embed", { body, bodySerializer: toForm });
  const env = { ...process.env, ORT_DISABLE_TELEMETRY: "1" };
  const started = promisify(execFile)(testPython, ["-c", ONNX, join(model, "1", "model.onnx")], { env });
  started.child.stdin?.end(JSON.stringify(data?.embeddings));
  const scores = JSON.parse((await started).stdout) as number[];
  return scores
    .map((score, index) => ({ image: basename(pictures[index] ?? ""), score }))
    .sort((one, other) => other.score - one.score);
}

const missing = [
  !hasChromium && "Chromium",
  !hasJupyter && "the Python environment",
  !hasTestPython && "the Python packages of the tests",
].filter(Boolean);
const needs = missing.length === 0 ? "" : ` (needs ${missing.join(" and ")})`;

test.skipIf(needs !== "")(
  `page, service, command line, notebook and ONNX in Python give the same order and scores${needs}`,
  async () => {
    const truth = await onCommandLine();
    expect(truth).toHaveLength(3);
    const gaps = truth.slice(1).map(({ score }, place) => (truth[place]?.score ?? 0) - score);
    expect(Math.min(...gaps)).toBeGreaterThan(1e-3);
    for (const way of [byService, onPage, inNotebook, inPython]) {
      const found = await way();
      expect(
        found.map(({ image }) => image),
        way.name,
      ).toEqual(truth.map(({ image }) => image));
      const differences = found.map(({ score }, place) => Math.abs(score - (truth[place]?.score ?? Number.NaN)));
      expect(Math.max(...differences), way.name).toBeLessThan(1e-4);
    }
  },
);
