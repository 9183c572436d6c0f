import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUILT_IN_ENCODERS, GUIDE_ENCODERS } from "../../lib/config";
import {
  ENCODERS,
  embedFlags,
  encoderNames,
  GEOMETRIES,
  type Geometry,
  geometryOf,
  isSuperseded,
  openImageEncoder,
  openTextEncoder,
} from "../../lib/embedding";
import { HUB } from "./golden";

test.each(ENCODERS)("$name opens as its row says, and each earlier version of it", async (row) => {
  const { kind, name, dimensions, earlier } = row;
  for (const preprocessing of [undefined, ...earlier]) {
    const encoder = await row.open({ modelDir: HUB, ...(preprocessing !== undefined && { preprocessing }) });
    const { identity } = encoder;
    await encoder.close();
    expect(identity).toMatchObject({ kind, model: name, dimensions });
    expect(isSuperseded(identity)).toBe(preprocessing !== undefined);
    if (preprocessing !== undefined) expect(identity.preprocessing).toBe(preprocessing);
  }
});

test.each(ENCODERS.flatMap((row) => (row.kind === "image" ? [row] : [])))(
  "$name takes in pictures in the geometries of its row, the first by itself, and in no others",
  async ({ open, geometries }) => {
    const found = [];
    for (const geometry of [undefined, ...GEOMETRIES]) {
      const opening = open({ modelDir: HUB, ...(geometry && { geometry }) });
      if (geometry !== undefined && !geometries.includes(geometry)) {
        await expect(opening).rejects.toMatchObject({ code: "EMBEDDING_GEOMETRY_UNSUPPORTED" });
        continue;
      }
      const encoder = await opening;
      found.push(geometryOf(encoder.identity.preprocessing));
      await encoder.close();
    }
    expect(found[0]).toBe(geometries[0]);
    expect(new Set(found)).toEqual(new Set(geometries));
  },
);

test("docs/ENCODERS.md says which encoder takes in pictures in which geometry", () => {
  const text = readFileSync(join(__dirname, "../../docs/ENCODERS.md"), "utf8");
  const cells = text.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  const rows = cells.flatMap(([, name = "", , ...marks]) => {
    const geometry = /^`(\w+)`$/.exec(name)?.[1];
    return geometry === undefined ? [] : [{ geometry, marks: marks.slice(0, 3).map((mark) => mark === "yes") }];
  });
  const images = ENCODERS.flatMap((row) => (row.kind === "image" ? [row.geometries] : []));
  expect(rows.map(({ geometry }) => geometry)).toEqual([...GEOMETRIES]);
  for (const { geometry, marks } of rows)
    expect(marks).toEqual([...images.map((known) => known.some((one) => one === geometry)), true]);
});

test("the flags that make vectors name a geometry that is not the encoder's own, and where a folder goes", async () => {
  const identity = async (name: string, geometry?: Geometry) =>
    (await openImageEncoder(name, { modelDir: HUB, ...(geometry && { geometry }) })).identity;
  expect(embedFlags(await identity("descriptor"))).toBe("--image descriptor");
  expect(embedFlags(await identity("descriptor", "crop"))).toBe("--image descriptor --geometry crop");
  expect(embedFlags(await identity("clip-vit-l-14", "crop"))).toBe("--image clip-vit-l-14");
  expect(embedFlags(await identity("clip-vit-l-14", "crops"))).toBe("--image clip-vit-l-14 --geometry crops");
  const tower = join(__dirname, "../golden/clip/vision");
  expect(embedFlags(await identity(tower, "wide"))).toBe("--image FOLDER/vision --geometry wide");
  expect(embedFlags((await openTextEncoder("title-hash")).identity)).toBe("--text title-hash");
});

test("encoders that need no download open without a folder of models", async () => {
  const opening = ENCODERS.filter(({ isDownloaded }) => !isDownloaded).map((row) => row.open({ modelDir: "/nowhere" }));
  expect((await Promise.all(opening)).map(({ identity }) => identity.model)).toEqual(Object.values(BUILT_IN_ENCODERS));
});

test("the encoders that messages and profiles name are there", () => {
  for (const kind of ["image", "text"] as const) {
    expect(encoderNames(kind)).toEqual(expect.arrayContaining([BUILT_IN_ENCODERS[kind], GUIDE_ENCODERS[kind]]));
  }
});

test("docs/ENCODERS.md has a row for each encoder", () => {
  const text = readFileSync(join(__dirname, "../../docs/ENCODERS.md"), "utf8");
  const documented = text
    .split("\n")
    .flatMap((line) => /^\| `--(\w+) ([\w-]+)` \| (\d+) \|/.exec(line)?.slice(1) ?? []);
  expect(documented).toEqual(ENCODERS.flatMap(({ kind, name, dimensions }) => [kind, name, `${dimensions}`]));
});
