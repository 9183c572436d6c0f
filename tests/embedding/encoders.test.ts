import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BUILT_IN_ENCODERS, GUIDE_ENCODERS } from "../../lib/config";
import { ENCODERS, encoderNames, isSuperseded } from "../../lib/embedding";
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
