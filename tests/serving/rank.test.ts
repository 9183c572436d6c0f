import { afterAll, beforeAll, expect, test } from "vitest";
import { loadModel, openEncoders, type Ranking, rank, resolveModel } from "../../lib/deployment";
import { form, picture, type Running, send, startTestService } from "./running";

let service: Running;
let pictures: Buffer[];
const url = (path: string) => `${service.address}${path}`;

beforeAll(async () => {
  service = await startTestService();
  pictures = await Promise.all([1, 2, 3].map((number) => picture(number)));
});
afterAll(() => service.end());

test("a form is ranked as the command line ranks the same pictures and titles", async () => {
  const titles = ["How it works", "Why it fails"];
  const fields = [...titles.map((title) => ["title", title] as const), ["channel", "known"] as const];
  const { status, body } = await send<Ranking>(url("/v1/rank"), { method: "POST", body: form(pictures, fields) });
  expect(status).toBe(200);
  const model = await loadModel((await resolveModel(service.models, "first")).folder);
  const encoders = await openEncoders(model.card);
  const images = pictures.map((source, index) => ({ image: `picture-${index}.jpg`, source }));
  const expected = await rank({ model, encoders, images, titles, channelId: "known" });
  expect(body).toEqual(JSON.parse(JSON.stringify(expected)));
  await model.close();
});

test("JSON with base64 gives the same ranking as a form, with names of its own or numbers", async () => {
  const images = pictures.map((data) => data.toString("base64"));
  const headers = { "content-type": "application/json" };
  const json = (body: unknown) =>
    send<Ranking>(url("/v1/rank"), { method: "POST", headers, body: JSON.stringify(body) });
  const plain = await json({ images, titles: ["One"] });
  const sent = await send<Ranking>(url("/v1/rank"), { method: "POST", body: form(pictures, [["title", "One"]]) });
  expect(plain.status).toBe(200);
  const scores = ({ ranking }: Ranking) => ranking.map(({ index, score }) => [index, score]);
  expect(scores(plain.body)).toEqual(scores(sent.body));
  expect(new Set(plain.body.ranking.map(({ image }) => image))).toEqual(new Set(["image 1", "image 2", "image 3"]));
  const named = await json({ images: images.map((data, index) => ({ name: `../../${index}/n.jpg`, data })) });
  expect(named.body.ranking.map(({ image }) => image)).toEqual(["n.jpg", "n.jpg", "n.jpg"]);
});

test("health, readiness and metrics", async () => {
  expect((await send(url("/healthz"))).body).toEqual({ status: "alive" });
  expect((await send(url("/readyz"))).body).toEqual({ status: "ready" });
  const metrics = await (await fetch(url("/metrics"))).text();
  for (const name of ["http_server_request_duration_seconds", "thumbrank_queue_size", "thumbrank_batch_rows"])
    expect(metrics).toContain(name);
  expect(metrics).toContain('thumbrank_model_info{name="first",version="1"} 1');
});

test("the document describes the routes", async () => {
  const { body } = await send<{ openapi: string; paths: object }>(url("/docs/json"));
  expect(body.openapi).toBe("3.1.0");
  expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(["/v1/rank", "/v1/embed", "/v1/models"]));
});
