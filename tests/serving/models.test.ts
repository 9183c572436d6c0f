import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { exportModel, loadModel } from "../../lib/deployment";
import { ModelList } from "../../lib/serving/model-list";
import { trainedModel } from "../deployment/trained";
import { type Running, send, startTestService } from "./running";

const TOKEN = "a-token-of-the-tests-only";
const headers = { authorization: `Bearer ${TOKEN}` };

let service: Running;

beforeAll(async () => {
  service = await startTestService({}, { tokens: TOKEN });
});
afterAll(() => service.end());
afterEach(() => vi.restoreAllMocks());

const exportAgain = async () => exportModel(service.models, await trainedModel());
const post = (path: string) => send(`${service.address}${path}`, { method: "POST", headers });

interface Row {
  version: number;
  current: boolean;
  loaded: boolean;
  damaged: boolean;
  encoders: object | null;
}

test("all versions are listed, those in use first, with what is current, in use and damaged", async () => {
  await exportAgain();
  await writeFile(join(await exportAgain(), "model.json"), "{}");
  await exportAgain();
  const { status, body } = await send<{ models: Row[] }>(`${service.address}/v1/models`, { headers });
  expect(status).toBe(200);
  const row = (version: number, flags: Partial<Row> = {}) => {
    return { version, current: false, loaded: false, damaged: false, ...flags };
  };
  expect(body.models).toMatchObject([
    row(1, { loaded: true }),
    row(2),
    row(3, { damaged: true, encoders: null }),
    row(4, { current: true }),
  ]);
  expect(body.models[1]?.encoders).toMatchObject({ image: { model: "descriptor" } });
  expect(JSON.stringify(body)).not.toContain(service.home);
  expect((await post("/v2/repository/index")).body).toEqual([
    { name: "first", version: "1", state: "READY", reason: "" },
    { name: "first", version: "2", state: "UNAVAILABLE", reason: "it is not in use" },
    { name: "first", version: "3", state: "UNAVAILABLE", reason: "its files are damaged" },
    { name: "first", version: "4", state: "UNAVAILABLE", reason: "it is not in use" },
  ]);
  await post("/v2/repository/models/first/load");
  const { body: after } = await send<{ models: Row[] }>(`${service.address}/v1/models`, { headers });
  expect(after.models).toMatchObject([
    row(4, { current: true, loaded: true }),
    row(1),
    row(2),
    row(3, { damaged: true }),
  ]);
});

test("the folder is read again only after ten seconds, and a version that is gone stays while it is in use", async () => {
  const clock = vi.spyOn(performance, "now").mockReturnValue(1_000_000);
  const list = new ModelList(service.models);
  const versions = async () => (await list.versions([])).map(({ version }) => version);
  expect(await versions()).toEqual([1, 2, 3, 4]);
  await rm(join(service.models, "first", "2"), { recursive: true });
  expect(await versions()).toEqual([1, 2, 3, 4]);
  clock.mockReturnValue(1_009_999);
  expect(await versions()).toEqual([1, 2, 3, 4]);
  clock.mockReturnValue(1_010_000);
  expect(await versions()).toEqual([1, 3, 4]);
  const loaded = await loadModel(join(service.models, "first", "1"));
  expect((await list.versions([{ name: "first", version: 2, loaded }]))[0]).toMatchObject({
    version: 2,
    isLoaded: true,
  });
  await loaded.close();
});
