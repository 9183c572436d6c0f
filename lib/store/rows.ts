import type { Fold, TrainingPair } from "./types";
import type { Thumbnail } from "./video";

/** Columns that identify a video's picture. */
export interface PictureRow {
  picture_sha256: string | null;
  picture_format: Thumbnail["format"] | null;
}

export interface PairRow {
  pair_id: number;
  winner_id: string;
  loser_id: string;
  channel_id: string;
  fold: Fold;
  margin: number;
}

export function toPair(row: PairRow): TrainingPair {
  return {
    winnerId: row.winner_id,
    loserId: row.loser_id,
    channelId: row.channel_id,
    fold: row.fold,
    margin: row.margin,
  };
}

export function toPicture(row: PictureRow): Thumbnail | null {
  if (row.picture_sha256 === null || row.picture_format === null) return null;
  return { sha256: row.picture_sha256, format: row.picture_format };
}

/** Converts bytes as a driver returns them, or as PostgreSQL writes them in JSON ("\\x" and hex digits). */
export function toBytes(given: unknown): Uint8Array {
  return given instanceof Uint8Array ? given : Buffer.from(String(given).slice(2), "hex");
}
