import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { runStage } from "../../lib/base/stages";
import { CollectSettings } from "../../lib/config/collect";
import { picturePath, type ThumbnailOutcome, type WantedThumbnail } from "../../lib/store";
import { type CollectContext, thumbnailsStage } from "../../lib/youtube";
import { RETRIES } from "../../lib/youtube/backoff";
import { newHome } from "./collecting";
import { type Reply, type Service, serve } from "./service";

let service: Service | undefined;
let place: Awaited<ReturnType<typeof newHome>> | undefined;
afterEach(async () => {
  await service?.close();
  await place?.remove();
});

const pictureOf = (width: number, height: number, format: "jpeg" | "png" | "webp" = "jpeg") =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 30, b: 90 } } })
    .toFormat(format)
    .toBuffer();
const grey = sharp({ create: { width: 120, height: 90, channels: 3, background: { r: 128, g: 128, b: 128 } } });

const sends =
  (bytes: Buffer, status = 200): Reply =>
  (response) =>
    response.writeHead(status, { "content-type": "image/jpeg" }).end(bytes);
const reset: Reply = (response) => response.socket?.destroy();

/** Fetches one video's pictures from a server that answers like this; `sizes` of them, largest first. */
async function fetched(sizes: number, ...replies: Reply[]) {
  const server = await serve(...replies);
  service = server;
  place = await newHome();
  const urls = Array.from({ length: sizes }, (_, at) => `${server.url}vi/aaaaaaaaaaa/${at}.jpg`);
  const outcomes: ThumbnailOutcome[] = [];
  const store = {
    async *wantedPictures(): AsyncGenerator<WantedThumbnail> {
      yield { videoId: "aaaaaaaaaaa", thumbnailUrls: urls };
    },
    collectionCounts: async () => ({ pictures: { wanted: 1, kept: 0, refused: 0 } }),
    savePictures: async (saved: ThumbnailOutcome[]) => void outcomes.push(...saved),
  };
  const context = {
    store,
    settings: CollectSettings.parse({}),
    paths: { thumbnails: place.home },
    signal: undefined,
    retries: { ...RETRIES, attempts: 6 },
    sleep: async () => {},
    now: () => new Date(),
  };
  await finish(runStage(thumbnailsStage(context as unknown as CollectContext)));
  return { outcome: outcomes[0], paths: server.requests.map(({ path }) => path.split("/").at(-1)), home: place.home };
}

test.each(["jpeg", "png", "webp"] as const)(
  "a %s is kept by its content, whatever its address says",
  async (format) => {
    const bytes = await pictureOf(320, 180, format);
    const { outcome, home } = await fetched(2, sends(bytes));
    const picture = { sha256: createHash("sha256").update(bytes).digest("hex"), format };
    expect(outcome).toEqual({ videoId: "aaaaaaaaaaa", picture });
    expect(await readFile(picturePath(home, picture))).toEqual(bytes);
    expect(picturePath(home, picture)).toContain(join(home, picture.sha256.slice(0, 2)));
  },
);

test("a size that is missing, a placeholder or refused gives way to the next smaller", async () => {
  const bytes = await pictureOf(320, 180);
  const placeholder = await grey.jpeg().toBuffer();
  const replies = [sends(placeholder, 404), sends(placeholder), sends(Buffer.from("no"), 403), sends(bytes)];
  const { outcome, paths } = await fetched(4, ...replies);
  expect(outcome).toMatchObject({ picture: { format: "jpeg" } });
  expect(paths).toEqual(["0.jpg", "1.jpg", "2.jpg", "3.jpg"]);
});

test("what is cut, reset, busy or a page is asked for again", async () => {
  const bytes = await pictureOf(320, 180);
  const busy = sends(Buffer.from("busy"), 503);
  const replies = [
    sends(bytes.subarray(0, bytes.length >> 1)),
    reset,
    busy,
    sends(Buffer.from("<html>")),
    sends(bytes),
  ];
  const { outcome, paths } = await fetched(2, ...replies);
  expect(outcome).toMatchObject({ picture: { format: "jpeg" } });
  expect(paths).toEqual(Array(5).fill("0.jpg"));
});

test.each([
  ["not found", sends(Buffer.alloc(0), 404)],
  ["placeholder", sends(await grey.jpeg().toBuffer())],
  ["broken", sends(Buffer.from("<html>Sorry</html>"))],
  ["too large", sends(Buffer.alloc(9 * 1024 * 1024, 1))],
])("a picture that is not to be had is refused with the reason: %s", async (refusal, reply) => {
  const { outcome } = await fetched(2, reply);
  expect(outcome).toEqual({ videoId: "aaaaaaaaaaa", refusal });
});

test("a video that names no thumbnail is refused", async () => {
  const { outcome } = await fetched(0, reset);
  expect(outcome).toEqual({ videoId: "aaaaaaaaaaa", refusal: "no thumbnail" });
});

test("a server that never answers ends the stage, and nothing is refused for it", async () => {
  await expect(fetched(2, reset)).rejects.toMatchObject({ code: "YOUTUBE_PICTURES_UNREACHABLE", attempts: 6 });
});
