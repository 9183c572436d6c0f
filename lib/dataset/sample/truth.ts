import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { SampleVideo } from "./world";

const Truth = z.record(z.string(), z.number());

/** The true appeals as JSON, by video id. */
export function truthOf(world: SampleVideo[]): string {
  const appeals = world.map(({ video, trueAppeal }) => [video.videoId, trueAppeal] as const);
  return `${JSON.stringify(Object.fromEntries(appeals), undefined, 1)}\n`;
}

/**
 * Reads the true appeal of every sample video, by which the best possible ranking is known.
 * @returns undefined where the file is not there: real data has no truth
 */
export async function readTruth(file: string): Promise<Map<string, number> | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : new Map(Object.entries(Truth.parse(JSON.parse(text))));
}
