import { createHash } from "node:crypto";
import { RowRefused } from "./refusal";
import type { ParsedRow } from "./row";

/** Remembers, of each video id of one table, its line and a hash of its values: about 200 bytes a row. */
export class Repeats {
  readonly #seen = new Map<string, { line: number; hash: string }>();

  /**
   * Whether the same row came before.
   * @throws RowRefused where the id came before with other values
   */
  isRepeat(line: number, row: ParsedRow): boolean {
    const hash = createHash("sha256").update(JSON.stringify(row)).digest("base64").slice(0, 16);
    const first = this.#seen.get(row.video.videoId);
    if (!first) this.#seen.set(row.video.videoId, { line, hash });
    else if (first.hash !== hash) {
      throw new RowRefused(
        "ROW_DUPLICATE",
        `video_id "${row.video.videoId}" is on line ${first.line} with other values`,
      );
    }
    return first !== undefined;
  }
}
