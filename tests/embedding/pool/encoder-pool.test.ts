import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { afterEach, expect, test } from "vitest";
import { concatenated } from "../../../lib/base";
import {
  EncoderPool,
  openImageEncoder,
  PictureThreadFailed,
  type Pixels,
  type PoolOptions,
} from "../../../lib/embedding";
import { ThumbnailRefused } from "../../../lib/thumbnails";
import { golden, HUB, pictureFile } from "../golden";

const files = Object.keys(golden.pictures).map(pictureFile);
const opened: EncoderPool[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((pool) => pool.close()));
});

async function openPool(options: PoolOptions, name = "descriptor"): Promise<EncoderPool> {
  const pool = new EncoderPool(await openImageEncoder(name, { modelDir: HUB }), options);
  opened.push(pool);
  return pool;
}

/** Comparing millions of numbers one by one takes long. */
const hashOf = ({ data, width, height }: Pixels) => [createHash("sha256").update(data).digest("hex"), width, height];

test("vectors are the encoder's, bit for bit, with any number of threads, from files, bytes and pixels", async () => {
  const descriptor = await openImageEncoder("descriptor");
  const expected = await descriptor.encode(files);
  const bytes = await Promise.all(files.map((file) => readFile(file)));
  const pixels = await Promise.all(files.map((file) => descriptor.decode(file)));
  for (const options of [{ threads: 0 }, { threads: 1 }, { threads: 2 }, { threads: 3, beforeThreads: 4 }]) {
    const pool = await openPool(options);
    for (const pictures of [files, bytes, pixels])
      expect(concatenated(await Promise.all(pictures.map((picture) => pool.embed(picture))))).toEqual(expected);
    const decoded = await Promise.all(files.map((file) => pool.decode(file)));
    expect(decoded.map(hashOf)).toEqual(pixels.map(hashOf));
  }
});

test("CLIP decodes in threads and encodes batches as without them", async () => {
  const clip = await openImageEncoder("clip-vit-l-14", { modelDir: HUB });
  const expected = await clip.encode(files);
  await clip.close();
  const pool = await openPool({ threads: 2 }, "clip-vit-l-14");
  expect(await pool.encode(await Promise.all(files.map((file) => pool.prepare(file))))).toEqual(expected);
});

test.each([1, 2])(
  "with %i threads, a picture with more pixels than allowed is refused, and no other",
  async (threads) => {
    const pool = await openPool({ threads, mostPixels: 640 * 360 });
    const [fitting, larger] = await Promise.all(
      [640, 642].map((width) =>
        sharp({ create: { width, height: 360, channels: 3, background: "#369" } })
          .jpeg()
          .toBuffer(),
      ),
    );
    for (const ask of [pool.embed.bind(pool), pool.decode.bind(pool)]) {
      await expect(ask(larger ?? "")).rejects.toMatchObject({
        code: "PICTURE_SIZE",
        reason: expect.stringContaining("230400"),
      });
      await ask(fitting ?? "");
    }
  },
);

test("a picture that cannot be used is refused as on the main thread, and only it", async () => {
  const pool = await openPool({ threads: 2 });
  const descriptor = await openImageEncoder("descriptor");
  const broken = (await readFile(pictureFile("wide.jpg"))).subarray(0, 2000);
  const settled = await Promise.allSettled([
    pool.embed(broken),
    pool.embed(pictureFile("wide.jpg")),
    pool.embed("/nowhere.jpg"),
  ]);
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
  for (const [picture, outcome] of [
    [broken, settled[0]],
    ["/nowhere.jpg", settled[2]],
  ] as const) {
    const refusal = await descriptor.encode([picture]).catch((thrown: unknown) => thrown);
    expect(refusal).toBeInstanceOf(ThumbnailRefused);
    if (outcome?.status !== "rejected") throw new Error("accepted");
    expect(outcome.reason).toBeInstanceOf(ThumbnailRefused);
    expect(outcome.reason).toMatchObject({
      code: (refusal as ThumbnailRefused).code,
      message: (refusal as ThumbnailRefused).message,
    });
  }
});

test("a failure that is not the picture's has its own code, and the threads continue", async () => {
  const pool = await openPool({ threads: 2 });
  const impossible = { data: new Uint8Array(3), width: 2 ** 40, height: 1 };
  await expect(pool.embed(impossible)).rejects.toThrow(PictureThreadFailed);
  expect(await pool.embed(pictureFile("wide.jpg"))).toHaveLength(768);
});

test("a thread that runs out of memory fails its picture only, and another takes its place", async () => {
  const pool = await openPool({ threads: 2, heapMb: 24 });
  const endless = { data: new Uint8Array(3), width: 2 ** 28, height: 1 };
  await expect(pool.embed(endless)).rejects.toThrow(/a thread failed .*memory/);
  expect(await pool.embed(pictureFile("wide.jpg"))).toHaveLength(768);
});

test("large pictures give the same vectors, and small ones beside them too", async () => {
  const large = await sharp({ create: { width: 2500, height: 1500, channels: 3, background: "#a40" } })
    .png()
    .toBuffer();
  const pictures = [large, pictureFile("wide.jpg"), large, pictureFile("wide.jpg"), large];
  const expected = await (await openImageEncoder("descriptor")).encode(pictures);
  const pool = await openPool({ threads: 3 });
  expect(concatenated(await Promise.all(pictures.map((picture) => pool.embed(picture))))).toEqual(expected);
});

test("a picture whose caller has gone fails with the signal's reason; the others are embedded", async () => {
  const pool = await openPool({ threads: 2 });
  const controller = new AbortController();
  const reason = new Error("gone");
  const leaving = files.map((file) => pool.embed(file, controller.signal));
  const staying = pool.embed(pictureFile("wide.jpg"));
  controller.abort(reason);
  for (const outcome of await Promise.allSettled(leaving)) expect(outcome).toEqual({ status: "rejected", reason });
  await expect(pool.embed(pictureFile("wide.jpg"), controller.signal)).rejects.toBe(reason);
  expect(await staying).toHaveLength(768);
});
