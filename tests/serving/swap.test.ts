import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import autocannon, { type Result } from "autocannon";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportModel, resolveModel } from "../../lib/deployment";
import { openImageEncoder } from "../../lib/embedding";
import { trainedModel } from "../deployment/trained";
import { picture, type Running, send, startTestService } from "./running";

const SWAPS = 20;
const TOKEN = "a-token-of-the-tests-only";

let service: Running;
let body: string;
const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };

/** Exports the model again, with a calibration that tells the exports apart. */
async function exportAgain(slope: number): Promise<void> {
  await exportModel(service.models, await trainedModel({ calibration: { slope, pairs: 100 } }));
}

/** Path of a file of the current version. */
const currentFile = async (name: string) => join((await resolveModel(service.models, "first")).folder, name);

/** The first's probability against the second in the log-odds per score: the slope of the version that answered. */
async function slopeInUse(): Promise<number> {
  const { body: answer } = await send<{ ranking: { score: number }[]; winProbability: number[][] }>(
    `${service.address}/v1/rank`,
    { method: "POST", headers, body },
  );
  const [first, second] = answer.ranking.map(({ score }) => score);
  const p = answer.winProbability[0]?.[1] ?? 0;
  return Math.log(p / (1 - p)) / ((first ?? 0) - (second ?? 0));
}

const load = () => send(`${service.address}/v2/repository/models/first/load`, { method: "POST", headers, body: "{}" });

beforeAll(async () => {
  service = await startTestService({}, { tokens: TOKEN });
  const images = await Promise.all([1, 2].map(async (number) => (await picture(number)).toString("base64")));
  body = JSON.stringify({ images, titles: ["One", "Two"] });
});
afterAll(() => service.end());

test(`${SWAPS} versions are taken into use under load, and no request fails`, async () => {
  const attack = autocannon({
    url: `${service.address}/v1/rank`,
    method: "POST",
    headers,
    body,
    connections: 8,
    duration: 600,
  });
  const ended = new Promise<Result>((resolve) => attack.on("done", resolve));
  for (let swap = 1; swap <= SWAPS; swap++) {
    await exportAgain(2 + swap);
    await (swap % 2 === 0 ? service.reload() : load());
    expect(await slopeInUse()).toBeCloseTo(2 + swap, 3);
  }
  attack.stop();
  const result = await ended;
  expect(result.non2xx + result.errors + result.timeouts + result.mismatches).toBe(0);
  expect(result["2xx"]).toBeGreaterThan(SWAPS);
  expect(service.lines.filter((line) => line.includes("is in use"))).toHaveLength(SWAPS + 1);
});

test("a version whose files were changed is refused, and the one before stays in use", async () => {
  const before = await slopeInUse();
  await exportAgain(99);
  const path = await currentFile("model.safetensors");
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 9) ^ 1, bytes.length - 9);
  await writeFile(path, bytes);
  expect(await load()).toMatchObject({ status: 409, body: { code: "MODEL_REFUSED" } });
  expect(await slopeInUse()).toBeCloseTo(before, 3);
  expect(service.lines.at(-1)).toContain("refused, the version before stays in use");
  const metrics = await (await fetch(`${service.address}/metrics`, { headers })).text();
  expect(metrics).toContain('thumbrank_model_loads_total{outcome="refused"} 1');
});

test("so is one for another encoder", async () => {
  const before = await slopeInUse();
  const { identity } = await openImageEncoder("descriptor");
  const trained = await trainedModel();
  await exportModel(service.models, {
    ...trained,
    identities: { ...trained.identities, image: { ...identity, revision: "99" } },
  });
  const refused = await load();
  expect(refused).toMatchObject({ status: 409, body: { code: "MODEL_REFUSED" } });
  expect(refused.body.detail).toContain("MODEL_ENCODER_MISMATCH");
  expect(await slopeInUse()).toBeCloseTo(before, 3);
});

test("and one of another schema; a good one afterwards is taken", async () => {
  const before = await slopeInUse();
  await writeFile(await currentFile("model.json"), "{}");
  await service.reload();
  expect(await slopeInUse()).toBeCloseTo(before, 3);
  await exportAgain(5);
  await service.reload();
  expect(await slopeInUse()).toBeCloseTo(5, 3);
});
