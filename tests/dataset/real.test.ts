import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { importInto, MemoryStore, temporaryFolder } from "./fixture";

const DATA = join(__dirname, "..", "..", "..", "shared", "data", "creators-2022");
const absent = !existsSync(join(DATA, "videos.csv"));

test.skipIf(absent)(
  "4,599 real videos import whole, twice (needs ../shared/data/creators-2022)",
  async () => {
    const folder = await temporaryFolder();
    const store = new MemoryStore();
    const options = { thumbnails: join(DATA, "thumbnails") };
    const first = await importInto(store, folder, join(DATA, "videos.csv"), options);
    expect(first).toMatchObject({ read: 4599, inserted: 4599, refused: [] });
    expect(first.picturesStored + first.picturesKnown).toBe(4599);
    expect(new Set([...store.videos.values()].map(({ channelId }) => channelId)).size).toBe(59);
    expect(store.videos.get("0rliFQ0qyAM")).toMatchObject({
      channelTitle: "I did a thing",
      title: "I put a gun on a robot dog",
      views: 4_814_772,
      publishedAt: new Date("2022-08-06T15:00:00Z"),
      durationSeconds: null,
      language: null,
    });
    const again = await importInto(store, folder, join(DATA, "videos.csv"), options);
    expect(again).toMatchObject({ unchanged: 4599, picturesStored: 0, picturesKnown: 4599 });
  },
  180_000,
);
