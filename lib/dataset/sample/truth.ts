import { z } from "zod";
import { messageOf, ThumbrankError } from "../../base";
import { readPlain } from "../../files";
import type { SampleVideo } from "./world";

const Truth = z.record(z.string(), z.number());

/** The true appeals as JSON, by video id. */
export function formatTruth(world: SampleVideo[]): string {
  const appeals = world.map(({ video, trueAppeal }) => [video.videoId, trueAppeal] as const);
  return `${JSON.stringify(Object.fromEntries(appeals), undefined, 1)}\n`;
}

/** A truth file that differs from what `writeSample` writes. */
export class SampleTruthDamaged extends ThumbrankError {
  constructor(file: string, cause: unknown) {
    super("SAMPLE_TRUTH_DAMAGED", {
      what: `${file} does not hold the true appeals of the sample world: ${messageOf(cause)}`,
      next: "write it again with `thumbrank sample`",
      cause,
    });
  }
}

/**
 * Reads the true appeal of every sample video, which the views follow with noise.
 * @returns undefined if there is no file: real data has no known truth
 * @throws SampleTruthDamaged
 */
export async function readTruth(file: string): Promise<Map<string, number> | undefined> {
  const text = await readPlain(file).then(String, () => undefined);
  if (text === undefined) return undefined;
  try {
    return new Map(Object.entries(Truth.parse(JSON.parse(text))));
  } catch (thrown) {
    throw new SampleTruthDamaged(file, thrown);
  }
}
