import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { ThumbrankError } from "../../lib/base/errors";
import { finish } from "../../lib/base/progress";
import { importTable } from "../../lib/dataset";
import type { Video } from "../../lib/store";
import { mutatedTable } from "./mutate";

/** How the import of one mutated table ended. */
export interface Outcome {
  seed: number;
  kind: string;
  /** The code of what was thrown, "imported", or the stack of an error without a code. */
  ended: string;
  /** Codes of the refused rows, with how many there are. */
  refused: Record<string, number>;
  cpuMs: number;
  peakBytes: number;
}

/** Rows beyond have none, which is refused. */
const PICTURES = 10;
const NOW = new Date("2026-11-30T00:00:00Z");

/** A store that checks what it is given, and keeps nothing. */
const store = {
  async upsertVideos(videos: Iterable<Video> | AsyncIterable<Video>) {
    let inserted = 0;
    for await (const video of videos) {
      if (video.title.length > 1000 || !Number.isSafeInteger(video.views)) throw new Error("a video that is none");
      inserted++;
    }
    return { inserted, updated: 0, unchanged: 0 };
  },
};

/** Imports the tables of the seeds from `first` on, and prints how each ended. */
async function main(first: number, count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-tables-"));
  const file = join(folder, "table");
  const picture = await sharp({ create: { width: 320, height: 180, channels: 3, background: "#c8b090" } })
    .jpeg()
    .toBuffer();
  for (let id = 0; id < PICTURES; id++) await writeFile(join(folder, `v${id}.jpg`), picture);
  for (let seed = first; seed < first + count; seed++) {
    const { kind, bytes } = mutatedTable(seed);
    await writeFile(file, bytes);
    const started = process.cpuUsage();
    const { ended, refused } = await outcomeOf(folder, file);
    const { user, system } = process.cpuUsage(started);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    const outcome: Outcome = { seed, kind, ended, refused, cpuMs: (user + system) / 1000, peakBytes };
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
  await rm(folder, { recursive: true });
}

async function outcomeOf(folder: string, file: string): Promise<Pick<Outcome, "ended" | "refused">> {
  const refused: Outcome["refused"] = {};
  try {
    const paths = { thumbnails: join(folder, "stored") };
    const report = await finish(importTable({ file, thumbnails: folder, store, paths, now: NOW }));
    for (const { code } of report.refused) refused[code] = (refused[code] ?? 0) + 1;
    return { ended: "imported", refused };
  } catch (thrown) {
    const isCoded = thrown instanceof ThumbrankError;
    return { ended: isCoded ? thrown.code : String(thrown instanceof Error ? thrown.stack : thrown), refused };
  }
}

void main(Number(process.argv[2]), Number(process.argv[3]));
