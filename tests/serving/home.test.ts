import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withStore } from "../../lib/store";
import { keepThumbnail } from "../../lib/thumbnails";
import { video } from "../embedding/world";
import { form, picture, type Running, send, startTestService } from "./running";

let service: Running;
let stored: Buffer;
const url = (path: string) => `${service.address}${path}`;

beforeAll(async () => {
  service = await startTestService();
  stored = await picture(1);
  const { picture: kept } = await keepThumbnail(stored, "one.jpg", join(service.home, "data", "thumbnails"), true);
  await withStore({ store: join(service.home, "data", "store") }, async (store) => {
    await store.upsertVideos([{ ...video("a", "With a picture", kept), channelId: "known", channelTitle: "Known" }]);
    await store.upsertVideos([{ ...video("b", "Without", kept), picture: null }]);
  });
});
afterAll(() => service.end());

test("competitors are the store's videos with pictures, and their thumbnails can be fetched", async () => {
  const { body } = await send<{ videos: { videoId: string; title: string; image: string }[] }>(url("/v1/competitors"));
  expect(body.videos).toMatchObject([{ videoId: "a", title: "With a picture", channelTitle: "Known" }]);
  const response = await fetch(url(body.videos[0]?.image ?? ""));
  expect(response.headers.get("content-type")).toBe("image/jpeg");
  expect(Buffer.from(await response.arrayBuffer()).equals(stored)).toBe(true);
});

test("the store is not held open", async () => {
  expect(await withStore({ store: join(service.home, "data", "store") }, (store) => store.count())).toBe(2);
});

test("channels are those that the model knows, with the store's titles", async () => {
  expect((await send(url("/v1/channels"))).body).toEqual({ channels: [{ channelId: "known", title: "Known" }] });
});

test.each(["0".repeat(64), "../../../model.json", "..%2f..%2f", `${"0".repeat(63)}g`, "%00"])(
  "there is no thumbnail %s",
  async (name) => {
    const { status, body } = await send(url(`/v1/thumbnails/${name}`));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.code).toMatch(/^(RESOURCE_MISSING|REQUEST_INVALID|ROUTE_MISSING)$/);
  },
);

test("a picture that cannot be explained is named with the reason", async () => {
  const large = await picture(2, 4000, 2500);
  const { status, body } = await send(url("/v1/explain"), { method: "POST", body: form([large]) });
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: "RANK_PICTURES_REFUSED", refusals: [{ index: 0, code: "PICTURE_SIZE" }] });
});

test("a picture is explained: what each region moves", async () => {
  const body = form([await picture(2)], [["title", "One"]]);
  const { status, body: answer } = await send<{ rows: number; columns: number; moved: number[][] }>(
    url("/v1/explain"),
    {
      method: "POST",
      body,
    },
  );
  expect(status).toBe(200);
  expect(answer.moved.map((row) => row.length)).toEqual(Array(answer.rows).fill(answer.columns));
  expect(answer.moved.flat().some((moved) => moved !== 0)).toBe(true);
});
