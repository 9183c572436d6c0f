import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, expect, test } from "vitest";
import { succeed } from "./thumbrank";

// The real videos lie beside the project where they are at hand; they are never part of it.
const REAL = join(__dirname, "..", "..", "..", "shared", "data", "creators-2022");
const THUMBNAILS = join(REAL, "thumbnails");
const WASM = { THUMBRANK_TF: "off" };
const CHANNELS = 12;
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "thumbrank-real-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function thumbrank(...args: string[]) {
  return JSON.parse(await succeed([...args, "--json", "--data-dir", home], WASM));
}

/** The rows of the channels with the fewest videos that still count as active. */
async function smallTable(): Promise<string> {
  const [head, ...rows] = parse(await readFile(join(REAL, "videos.csv"), "utf8")) as string[][];
  const counts = new Map<string, number>();
  for (const [, channel = ""] of rows) counts.set(channel, (counts.get(channel) ?? 0) + 1);
  const chosen = [...counts].filter(([, count]) => count >= 20).sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
  const kept = new Set(chosen.slice(0, CHANNELS).map(([channel]) => channel));
  const lines = [head ?? [], ...rows.filter(([, channel = ""]) => kept.has(channel))];
  const quoted = lines.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(","));
  const table = join(home, "videos.csv");
  await writeFile(table, `${quoted.join("\n")}\n`);
  return table;
}

test.skipIf(!existsSync(REAL))(
  "real videos go the whole way on the wasm backend (needs the real data beside the project)",
  async () => {
    const imported = await thumbrank("import", await smallTable(), "--thumbnails", THUMBNAILS);
    expect(imported.inserted).toBeGreaterThan(200);
    expect(imported.refused).toEqual([]);
    const rules = ["--window-days", "1095", "--active-days", "1095", "--language", "none"];
    const pairs = await thumbrank("pairs", ...rules, "--max-pairs-per-channel", "30");
    expect(pairs.quality.find(({ rule }: { rule: string }) => rule === "duration").applied).toBe(false);
    const embedded = await thumbrank("embed", "--image", "descriptor", "--text", "title-hash");
    expect(embedded.image).toMatchObject({ embedded: pairs.kept, refused: [] });
    await thumbrank("train", "--epochs", "3", "--swa-start", "2", "--hidden-dim", "64");
    const { test: measured, baselines, splits } = await thumbrank("evaluate");
    for (const figure of [
      measured.pairwiseAuc,
      measured.spearman,
      splits.time.pairwiseAuc,
      baselines.newer.pairwiseAuc,
    ])
      expect(figure.value).toBeGreaterThan(-1);
    await thumbrank("export");
    const [a, b] = (await readFile(join(home, "videos.csv"), "utf8")).matchAll(/^"([\w-]{11})"/gm);
    const images = [a, b].map((match) => join(THUMBNAILS, `${match?.[1]}.jpg`));
    const { ranking, winProbability } = await thumbrank("rank", ...images, "--title", "I built a robot");
    expect(new Set(ranking.map(({ image }: { image: string }) => image))).toEqual(new Set(images));
    expect(winProbability[0][1] + winProbability[1][0]).toBeCloseTo(1, 6);
  },
  600_000,
);
