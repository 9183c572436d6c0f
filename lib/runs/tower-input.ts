import type { Progress } from "../base";
import { at } from "../base";
import type { Paths } from "../config";
import {
  decodeForTower,
  HiddenStates,
  type PictureKey,
  type PrefixIdentity,
  planPrefix,
  type VisionTower,
  writePrefix,
} from "../embedding";
import type { Engine } from "../engine";
import type { TrainingData } from "../features";
import { tokenCount } from "../model";
import { picturePath } from "../store";
import { FineTuningImpossible } from "./errors";

/** Pictures whose hidden states are computed and written at once. */
const BATCH = 16;

/** The pictures of a fine-tuning. */
export interface TowerPictures {
  engine: Engine;
  /** With the vectors that the tower itself made. */
  data: TrainingData;
  paths: Pick<Paths, "embeddings" | "thumbnails">;
}

/** What a step reads for some rows of the data. */
export interface Fed {
  read(rows: Int32Array): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Computes the hidden states before a block that are missing, and opens them. @throws HiddenStatesTooLarge */
export async function* hiddenStatesOf(
  job: TowerPictures,
  tower: VisionTower,
  blocks: number,
): AsyncGenerator<Progress, Fed> {
  const { data, engine, paths } = job;
  const { model, revision, preprocessing } = data.identities.image;
  const { grid } = tower.input;
  const identity: PrefixIdentity = {
    model,
    revision,
    preprocessing,
    blocks,
    tokens: tokenCount(grid),
    width: tower.config.width,
    precision: engine.settings?.precision ?? "float32",
  };
  const pictures = data.videos.map(({ videoId, picture }): PictureKey => [videoId, picture?.sha256 ?? ""]);
  const { missing, sizeBytes } = await planPrefix(paths.embeddings, identity, pictures);
  const compute = async (indices: readonly number[]) => {
    const decoded = await Promise.all(indices.map((index) => decode(job, tower, index)));
    return tower.hidden(decoded, blocks);
  };
  const note = `${(sizeBytes / 1e6).toFixed(0)} MB`;
  const work = writePrefix({ embeddings: paths.embeddings, identity, pictures, compute, batch: BATCH });
  for await (const { done } of work) yield { stage: "compute hidden states", done, total: missing.length, note };
  const states = await HiddenStates.open(paths.embeddings, identity, pictures);
  return { read: (rows) => states.rows(rows), close: () => states.close() };
}

/** Decodes pictures anew for each step, for a tower that is trained from its patches on. */
export async function pixelsOf(job: TowerPictures, tower: VisionTower): Promise<Fed> {
  const read = async (rows: Int32Array) => {
    const decoded = await Promise.all(Array.from(rows, (row) => decode(job, tower, row)));
    return tower.values(decoded);
  };
  return { read, close: async () => {} };
}

function decode({ data, paths }: TowerPictures, tower: VisionTower, row: number) {
  const { videoId, picture } = at(data.videos, row);
  if (picture === null) throw new FineTuningImpossible(`the video ${videoId} has no picture`);
  return decodeForTower(tower, picturePath(paths.thumbnails, picture));
}
