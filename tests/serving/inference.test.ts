import { afterAll, beforeAll, expect, test } from "vitest";
import { loadModel, resolveModel } from "../../lib/deployment";
import { unitRows } from "../deployment/trained";
import { type Running, send, startTestService } from "./running";

const TOKEN = "a-token-of-the-tests-only";
const ROWS = 3;

let service: Running;
let rows: Float32Array;
let expected: { score: number[]; ctr: number[]; auxiliary: number[] };
const authorization = `Bearer ${TOKEN}`;

/** A request with the token, and a body as JSON if there is one. */
function ask<Answer = Record<string, unknown>>(path: string, body?: unknown) {
  const headers = { authorization, ...(body !== undefined && { "content-type": "application/json" }) };
  const init = body === undefined ? { headers } : { headers, method: "POST", body: JSON.stringify(body) };
  return send<Answer>(`${service.address}${path}`, init);
}

beforeAll(async () => {
  service = await startTestService({}, { tokens: TOKEN });
  rows = unitRows(ROWS, 768, 384);
  const model = await loadModel((await resolveModel(service.models, "first")).folder);
  const { scores, ctr, auxiliary } = await model.predict(rows);
  expected = { score: [...scores], ctr: [...ctr], auxiliary: [...auxiliary] };
  await model.close();
});
afterAll(() => service.end());

const input = (data: unknown) => ({ name: "embedding", shape: [ROWS, 1152], datatype: "FP32", data });

/** Published shapes: github.com/kserve/open-inference-protocol, specification/protocol/inference_rest.md. */
test("server, health and model have the protocol's fields", async () => {
  const server = await ask("/v2");
  expect(server.body).toEqual({ name: "thumbrank", version: expect.any(String), extensions: expect.any(Array) });
  expect((await ask("/v2/health/live")).body).toEqual({ live: true });
  expect((await ask("/v2/health/ready")).body).toEqual({ ready: true });
  for (const path of ["/v2/models/first", "/v2/models/first/versions/1"]) {
    expect((await ask(path)).body).toEqual({
      name: "first",
      versions: ["1"],
      platform: "onnx_onnxv1",
      inputs: [{ name: "embedding", datatype: "FP32", shape: [-1, 1152] }],
      outputs: [
        { name: "score", datatype: "FP32", shape: [-1] },
        { name: "ctr", datatype: "FP32", shape: [-1] },
        { name: "auxiliary", datatype: "FP32", shape: [-1, 6] },
      ],
    });
    expect((await ask(`${path}/ready`)).body).toEqual({ name: "first", ready: true });
  }
});

test.each([
  ["flat", () => [...rows]],
  ["nested", () => Array.from({ length: ROWS }, (_, row) => [...rows.subarray(row * 1152, (row + 1) * 1152)])],
])("%s data is scored as the model scores it", async (_, data) => {
  const { status, body } = await ask("/v2/models/first/infer", { id: "42", inputs: [input(data())] });
  expect(status).toBe(200);
  expect(body).toEqual({
    model_name: "first",
    model_version: "1",
    id: "42",
    outputs: [
      { name: "score", datatype: "FP32", shape: [ROWS], data: expected.score },
      { name: "ctr", datatype: "FP32", shape: [ROWS], data: expected.ctr },
      { name: "auxiliary", datatype: "FP32", shape: [ROWS, 6], data: expected.auxiliary },
    ],
  });
});

test("only the outputs that were asked for are sent", async () => {
  const body = { inputs: [input([...rows])], outputs: [{ name: "ctr" }] };
  const answer = await ask<{ outputs: { name: string }[] }>("/v2/models/first/versions/1/infer", body);
  expect(answer.body.outputs.map(({ name }) => name)).toEqual(["ctr"]);
});

test("tensors may come and go as bytes behind the JSON", async () => {
  const bytes = Buffer.from(rows.buffer);
  const tensor = { name: "embedding", shape: [ROWS, 1152], datatype: "FP32" };
  const json = Buffer.from(
    JSON.stringify({
      inputs: [{ ...tensor, parameters: { binary_data_size: bytes.length } }],
      outputs: [{ name: "score", parameters: { binary_data: true } }, { name: "ctr" }],
    }),
  );
  const headers = { authorization, "content-type": "application/octet-stream" };
  const response = await fetch(`${service.address}/v2/models/first/infer`, {
    method: "POST",
    headers: { ...headers, "inference-header-content-length": String(json.length) },
    body: new Uint8Array(Buffer.concat([json, bytes])),
  });
  const answer = Buffer.from(await response.arrayBuffer());
  const headerBytes = Number(response.headers.get("inference-header-content-length"));
  const { outputs } = JSON.parse(answer.toString("utf8", 0, headerBytes));
  expect(outputs[0]).toEqual({
    name: "score",
    datatype: "FP32",
    shape: [ROWS],
    parameters: { binary_data_size: 4 * ROWS },
  });
  expect(outputs[1].data).toEqual(expected.ctr);
  expect([...new Float32Array(Uint8Array.from(answer.subarray(headerBytes)).buffer)]).toEqual(expected.score);
});

test.each([
  ["another width", { ...input([1, 2]), shape: [1, 2] }],
  ["fewer numbers than the shape", input([1, 2, 3])],
  ["more numbers than the shape", { ...input(Array(1153).fill(0)), shape: [1, 1152] }],
  ["text", input(Array(ROWS * 1152).fill("1"))],
  ["numbers beyond FP32", input(Array(ROWS * 1152).fill(1e300))],
  ["another type", { ...input([]), datatype: "FP64" }],
  ["another name", { ...input([]), name: "pixels" }],
  ["no rows", { ...input([]), shape: [0, 1152] }],
  ["no data", { name: "embedding", shape: [1, 1152], datatype: "FP32" }],
])("an input with %s is refused, with the protocol's field", async (_, tensor) => {
  const { status, headers, body } = await ask("/v2/models/first/infer", { inputs: [tensor] });
  expect([status, body.code]).toEqual([400, "REQUEST_INVALID"]);
  expect(headers.get("content-type")).toContain("application/problem+json");
  expect(body.error).toBe(body.detail);
});

test("models and versions that are not in use are missing", async () => {
  for (const path of ["/v2/models/second", "/v2/models/first/versions/7", "/v2/models/second/ready"])
    expect(await ask(path)).toMatchObject({ status: 404, body: { code: "RESOURCE_MISSING" } });
});

test("the repository lists, loads and unloads models", async () => {
  const index = [{ name: "first", version: "1", state: "READY", reason: "" }];
  expect((await ask("/v2/repository/index", {})).body).toEqual(index);
  expect((await ask("/v2/repository/models/first/load", {})).status).toBe(200);
  expect(await ask("/v2/repository/models/absent/load", {})).toMatchObject({ status: 404 });
  expect((await ask("/v2/repository/models/first/unload", {})).status).toBe(200);
  expect((await ask("/v2/repository/index", {})).body).toEqual([
    { name: "first", version: "1", state: "UNAVAILABLE", reason: "it is not in use" },
  ]);
  expect(await ask("/readyz")).toMatchObject({ status: 503, body: { code: "MODEL_NOT_READY" } });
  expect((await ask("/v2/repository/models/first/load", {})).status).toBe(200);
  expect((await ask("/readyz")).status).toBe(200);
});
