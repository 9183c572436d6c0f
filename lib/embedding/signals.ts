import { join } from "node:path";
import type { Progress } from "../base";
import type { Paths } from "../config";
import { readPlain, writeAtomically } from "../files";
import { picturePath, type RatedVideo } from "../store";
import { decodeThumbnail, ThumbnailRefused } from "../thumbnails";
import { withoutBlackBars } from "./black-bars";
import { computeFeatures } from "./descriptor/features";

/** Measurements of a picture for three of the guide's sub-scores; each rises with its sub-score. */
export interface ThumbnailSignals {
  /** Standard deviation of luma. */
  contrast: number;
  /** Log energy of the finest detail relative to the next coarser. */
  clarity: number;
  /** How few of the picture's cells contain its detail: 1 - entropy of an 8x5 grid, 0-1. */
  prominence: number;
}

/** An existing `signals.json` is not used: it was measured in pictures as stored, before they were turned upright. */
const FILE = "signals-upright.json";
const WIDTH = 640;
const SHOWN_EVERY = 32;

/**
 * Measures the pictures of videos; earlier measurements are read from a file below `paths.embeddings`.
 * @returns signals by video id, without videos whose picture is missing or refused
 */
export async function* measureSignals(
  paths: Pick<Paths, "embeddings" | "thumbnails">,
  videos: readonly Pick<RatedVideo, "videoId" | "picture">[],
): AsyncGenerator<Progress, Map<string, ThumbnailSignals>> {
  const known = await readKnown(paths.embeddings);
  const before = known.size;
  const pictures = videos.flatMap(({ picture }) => (picture === null || known.has(picture.sha256) ? [] : [picture]));
  for (const [done, picture] of pictures.entries()) {
    if (done % SHOWN_EVERY === 0) yield { stage: "measure pictures", done, total: pictures.length };
    const measured = await measurePicture(picturePath(paths.thumbnails, picture));
    if (measured !== null) known.set(picture.sha256, measured);
  }
  if (known.size > before) {
    await writeAtomically(join(paths.embeddings, FILE), JSON.stringify(Object.fromEntries(known)));
  }
  return byVideo(videos, known);
}

async function measurePicture(path: string): Promise<ThumbnailSignals | null> {
  try {
    const { contrast, sharpnessFine, detailEvenness } = await decodeThumbnail(
      path,
      { keepWidth: WIDTH },
      (pixels) => computeFeatures(withoutBlackBars(pixels)).statistics,
    );
    return { contrast, clarity: sharpnessFine, prominence: 1 - detailEvenness };
  } catch (error) {
    if (error instanceof ThumbnailRefused) return null;
    throw error;
  }
}

function byVideo(
  videos: readonly Pick<RatedVideo, "videoId" | "picture">[],
  known: ReadonlyMap<string, ThumbnailSignals>,
): Map<string, ThumbnailSignals> {
  return new Map(
    videos.flatMap(({ videoId, picture }) => {
      const signals = picture === null ? undefined : known.get(picture.sha256);
      return signals === undefined ? [] : [[videoId, signals] as const];
    }),
  );
}

async function readKnown(folder: string): Promise<Map<string, ThumbnailSignals>> {
  const text = await readPlain(join(folder, FILE)).then(String, () => "{}");
  return new Map(Object.entries(JSON.parse(text) as Record<string, ThumbnailSignals>));
}
