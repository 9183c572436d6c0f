import { finish } from "../../lib/base/progress";
import { importTable } from "../../lib/dataset";
import type { Video } from "../../lib/store";

/** A process that imports a table into a store that keeps titles alone, and prints the report and its peak of memory. */
async function main(file: string, thumbnails: string): Promise<void> {
  const titles: string[] = [];
  const store = {
    async upsertVideos(videos: Iterable<Video> | AsyncIterable<Video>) {
      let inserted = 0;
      for await (const { title } of videos) inserted = titles.push(title);
      return { inserted, updated: 0, unchanged: 0 };
    },
  };
  const paths = { thumbnails: `${thumbnails}-stored` };
  const report = await finish(importTable({ file, thumbnails, store, paths }));
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ ...report, titles, peakBytes }));
}

void main(String(process.argv[2]), String(process.argv[3]));
