import { join } from "node:path";
import { expect, test } from "vitest";
import { finish } from "../../lib/base/progress";
import { embedText } from "../../lib/cli/embed";
import {
  embedAll,
  embeddedIdentities,
  openImageEncoder,
  openTextEncoder,
  withoutSuperseded,
} from "../../lib/embedding";
import { temporaryFolder } from "./folder";
import { memoryStore } from "./memory-store";
import { videosWithGoldenPictures } from "./world";

test("a home of before is embedded upright, and the earlier vectors are named and left aside", async () => {
  const home = await temporaryFolder();
  const paths = { embeddings: join(home, "embeddings"), thumbnails: join(home, "thumbnails") };
  const store = memoryStore(await videosWithGoldenPictures(paths.thumbnails, 5));
  const text = await openTextEncoder("title-hash");
  const earlier = await openImageEncoder("descriptor", { preprocessing: "no-black-bars, bilinear 320x180" });
  await finish(embedAll({ store, paths, image: earlier, text }));
  // Without newer vectors, those of before are what training finds.
  expect(withoutSuperseded(await embeddedIdentities(paths))).toContainEqual(earlier.identity);

  const now = await openImageEncoder("descriptor");
  const report = await finish(embedAll({ store, paths, image: now, text }));
  expect(report.image).toMatchObject({ embedded: 5, already: 0, refused: [] });
  expect(report.superseded).toHaveLength(1);
  expect(embedText(report)).toContain(report.superseded[0]);
  const images = withoutSuperseded(await embeddedIdentities(paths)).filter(({ kind }) => kind === "image");
  expect(images).toEqual([now.identity]);
});

test("an earlier version is superseded in its own geometry only", async () => {
  const earlier = await openImageEncoder("descriptor", { preprocessing: "no-black-bars, bilinear 320x180" });
  const crop = await openImageEncoder("descriptor", { geometry: "crop" });
  const full = await openImageEncoder("descriptor");
  const identities = [earlier.identity, crop.identity];
  expect(withoutSuperseded(identities)).toEqual(identities);
  expect(withoutSuperseded([...identities, full.identity])).toEqual([crop.identity, full.identity]);
});

test("encoders that never turned pictures, and titles, are superseded by nothing", async () => {
  const image = await openImageEncoder("descriptor");
  const text = await openTextEncoder("title-hash");
  const other = { ...image.identity, model: "another", preprocessing: "none" };
  const identities = [image.identity, text.identity, other];
  expect(withoutSuperseded(identities)).toEqual(identities);
});
