import { createHash } from "node:crypto";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentOf, clientOf, raw } from "./client";
import { type GoogleStandIn, startGoogle } from "./start";
import { expectedChannels, expectedVideos, World } from "./world";

const NOW = "2026-11-02T18:00:00Z";
const AT = Date.parse(NOW);
let google: GoogleStandIn;
let videos: ReturnType<typeof expectedVideos>;
beforeAll(async () => {
  google = await startGoogle({ now: NOW });
  const world = new World(google.options.world);
  videos = expectedChannels(world, AT).flatMap(({ id }) => expectedVideos(world, id, AT));
});
afterAll(() => google.stop());

const wide = () => videos.filter(({ largestWidePicture }) => largestWidePicture === "maxres");

test("every picture that a snippet names is there, in the size it names", async () => {
  const ids = [wide()[0]!.id, videos.find(({ largestWidePicture }) => largestWidePicture === "medium")!.id];
  const { data } = await clientOf(google).videos.list({ part: ["snippet"], id: ids });
  const named = (data.items ?? []).flatMap(({ snippet }) => Object.values(snippet?.thumbnails ?? {}));
  expect(named.length).toBeGreaterThanOrEqual(8);
  for (const { url, width, height } of named as { url: string; width: number; height: number }[]) {
    expect(url.startsWith(google.thumbnailsUrl)).toBe(true);
    const { status, headers, body } = await raw(google, url);
    expect([status, headers["content-type"]]).toEqual([200, "image/jpeg"]);
    expect(await sharp(body).metadata()).toMatchObject({ format: "jpeg", width, height });
  }
});

test("4:3 sizes carry black bars, 16:9 ones do not", async () => {
  const topOf = async (file: string) => {
    const { body } = await raw(google, `vi/${wide()[0]!.id}/${file}`);
    const top = await sharp(body).extract({ left: 0, top: 0, width: 40, height: 4 }).raw().toBuffer();
    return Math.max(...top);
  };
  expect(await topOf("hqdefault.jpg")).toBeLessThan(8);
  expect(await topOf("sddefault.jpg")).toBeLessThan(8);
  expect(await topOf("mqdefault.jpg")).toBeGreaterThan(30);
});

test("no two videos share a picture's bytes; the same picture is the same bytes", async () => {
  const agent = agentOf(google);
  const hashOf = async (id: string) =>
    createHash("sha256")
      .update((await raw(google, `vi/${id}/mqdefault.jpg`, { agent })).body)
      .digest("hex");
  const some = videos.slice(0, 80).map(({ id }) => id);
  const hashes = await Promise.all(some.map(hashOf));
  expect(new Set(hashes).size).toBe(some.length);
  expect(await hashOf(some[0]!)).toBe(hashes[0]);
  agent.destroy();
});

test("a picture that is missing answers 404 with the grey placeholder", async () => {
  const medium = videos.find(({ largestWidePicture }) => largestWidePicture === "medium")!;
  await google.set({ removed: [videos[0]!.id] });
  for (const path of [
    `vi/${medium.id}/maxresdefault.jpg`,
    `vi/${videos[0]!.id}/hqdefault.jpg`,
    "vi/aaaaaaaaaaa/default.jpg",
  ]) {
    const { status, body } = await raw(google, path);
    expect(status).toBe(404);
    expect(await sharp(body).metadata()).toMatchObject({ format: "jpeg", width: 120, height: 90 });
  }
  await google.set({ removed: [] });
});

test("pictures can be broken: type, cut, nothing, HTML", async () => {
  const [a, b, c, d] = wide().map(({ id }) => id) as [string, string, string, string];
  await google.set({ brokenPictures: { [a]: "wrongType", [b]: "truncated", [c]: "empty", [d]: "html" } });
  const [type, cut, empty, page] = await Promise.all(
    [a, b, c, d].map((id) => raw(google, `vi/${id}/maxresdefault.jpg`)),
  );
  await google.set({ brokenPictures: {} });
  expect(type!.headers["content-type"]).toBe("application/octet-stream");
  await expect(sharp(cut!.body, { failOn: "truncated" }).raw().toBuffer()).rejects.toThrow();
  expect([empty!.status, empty!.body.length]).toEqual([200, 0]);
  expect(page!.body.toString()).toContain("<html>");
});

test("an etag that still holds saves the picture, and repeats are counted", async () => {
  const path = `vi/${wide()[5]!.id}/maxresdefault.jpg`;
  const before = await google.pictures();
  const { headers } = await raw(google, path);
  const again = await raw(google, path, { headers: { "if-none-match": String(headers.etag) } });
  expect([again.status, again.body.length]).toEqual([304, 0]);
  const after = await google.pictures();
  expect(after.repeats - before.repeats).toBe(1);
  expect(after.notModified - before.notModified).toBe(1);
});

test("calls for pictures fail at their rate", async () => {
  await google.set({ pictureFaultRate: 0.5 });
  const agent = agentOf(google);
  const before = await google.pictures();
  await Promise.all(
    videos.slice(0, 60).map(({ id }) => raw(google, `vi/${id}/default.jpg`, { agent }).catch(() => {})),
  );
  await google.set({ pictureFaultRate: 0 });
  const faulted = (await google.pictures()).faulted - before.faulted;
  expect(faulted).toBeGreaterThan(10);
  expect(faulted).toBeLessThan(50);
  agent.destroy();
});
