import { afterAll, beforeAll, expect, test } from "vitest";
import { openClient, type Ranking, toForm } from "../../clients/typescript/client";
import { makeTypes } from "../../scripts/client/types";
import { textOf } from "../house/files";
import { picture, type Running, startTestService } from "./running";

const TOKEN = "a-token-of-a-test";
const TITLES = ["I built a robot", "My robot learned to walk"];

let service: Running;
beforeAll(async () => {
  service = await startTestService({}, { tokens: TOKEN });
});
afterAll(() => service.end());

const files = () => Promise.all([0, 1, 2].map(async (at) => new File([await blobPart(at)], `${at}.jpg`)));
const blobPart = async (at: number) => new Uint8Array(await picture(at));

test("the client's types are those of the service's document (npm run client makes them again)", async () => {
  expect(textOf("clients/typescript/schema.d.ts")).toBe(await makeTypes());
});

test("the client ranks by form and by JSON, with the same answer", async () => {
  const client = openClient(service.address, TOKEN);
  const images = await files();
  const form = await client.POST("/v1/rank", { body: { images, title: TITLES }, bodySerializer: toForm });
  expect(form.error).toBeUndefined();
  const ranking = form.data as Ranking;
  expect(ranking.ranking).toHaveLength(6);
  expect(new Set(ranking.ranking.map(({ image }) => image))).toEqual(new Set(["0.jpg", "1.jpg", "2.jpg"]));
  expect(ranking.grid?.titles).toEqual(TITLES);
  const coded = images.map(async (file) => ({
    name: file.name,
    data: Buffer.from(await file.arrayBuffer()).toString("base64"),
  }));
  const json = await client.POST("/v1/rank", { body: { images: await Promise.all(coded), titles: TITLES } });
  expect(json.data).toEqual(ranking);
});

test("the client gets problems with their codes", async () => {
  const body = { images: await files() };
  const client = openClient(service.address);
  const { data, error, response } = await client.POST("/v1/rank", { body, bodySerializer: toForm });
  expect([data, response.status, error?.code]).toEqual([undefined, 401, "TOKEN_MISSING"]);
});
