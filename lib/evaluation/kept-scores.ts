import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { at } from "../base";
import type { TrainingData } from "../features";
import { readPlain, writeAtomically } from "../files";
import { credit } from "../metrics";
import { readRunRecord } from "../runs";
import { type Part, rowsByChannel } from "./groups";

const FILE = "scores.json";

/** The schema of a split's scores. */
const SplitScores = z.object({
  /** SHA-256 of the winners' and losers' ids: two runs with the same one were measured on the same pairs. */
  pairsHash: z.string(),
  channels: z.array(
    z.object({
      channelId: z.string(),
      pairs: z.number(),
      /** Number of pairs in the right order, ties counting one half. */
      credit: z.number(),
      /** By video id. */
      scores: z.record(z.string(), z.number()),
    }),
  ),
});
/** A run's scores on a split, kept so that they can be compared with another run's on the same pairs. */
export type SplitScores = z.infer<typeof SplitScores>;

const KeptScores = z.object({
  evaluatedAt: z.iso.datetime(),
  /** When the evaluated run was trained to its end; null if it has no record. */
  trainedAt: z.iso.datetime().nullable(),
  dataHash: z.string(),
  splits: z.object({ channel: SplitScores, time: SplitScores }),
});
/** What `keepScores` writes. */
export type KeptScores = z.infer<typeof KeptScores>;

/** Collects a split's scores. @param scores by row of the data */
export function splitScores(data: TrainingData, part: Part, scores: ArrayLike<number>): SplitScores {
  const { winners, losers } = part.pairs;
  const id = (row: number) => data.videos[row]?.videoId ?? "";
  const byChannel = rowsByChannel(part);
  const channels = part.channels.map((channelId, index) => ({
    channelId,
    pairs: 0,
    credit: 0,
    scores: Object.fromEntries(Array.from(byChannel[index] ?? [], (row) => [id(row), at(scores, row)])),
  }));
  const hash = createHash("sha256");
  for (let pair = 0; pair < winners.length; pair++) {
    const winner = at(winners, pair);
    const loser = at(losers, pair);
    hash.update(`${id(winner)} ${id(loser)}\n`);
    const channel = at(channels, at(part.channelOf, winner));
    channel.pairs += 1;
    channel.credit += credit(at(scores, winner), at(scores, loser));
  }
  return { pairsHash: hash.digest("hex"), channels };
}

/** Writes an evaluation's scores into the run's folder, such as `runs/first`. */
export async function keepScores(folder: string, scores: Pick<KeptScores, "dataHash" | "splits">): Promise<void> {
  const kept: KeptScores = {
    evaluatedAt: new Date().toISOString(),
    trainedAt: await trainedAt(folder),
    ...scores,
  };
  await writeAtomically(join(folder, FILE), `${JSON.stringify(kept)}\n`);
}

/**
 * Reads the scores in a run's folder; null if it was not evaluated since it was trained, or by an earlier version, which
 * kept no scores.
 */
export async function keptScores(folder: string): Promise<KeptScores | null> {
  try {
    const kept = KeptScores.parse(JSON.parse(String(await readPlain(join(folder, FILE)))));
    return kept.trainedAt === (await trainedAt(folder)) ? kept : null;
  } catch {
    return null;
  }
}

async function trainedAt(folder: string): Promise<string | null> {
  return (await readRunRecord(folder))?.finishedAt?.toISOString() ?? null;
}
