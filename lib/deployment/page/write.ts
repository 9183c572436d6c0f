import { stat } from "node:fs/promises";
import { messageOf } from "../../base";
import { writeAtomically } from "../../files";
import { previewUri, ThumbnailRefused } from "../../thumbnails";
import { RankingPageNotWritten } from "../errors";
import type { Ranking } from "../rank";
import { rankingPage } from "./page";

/** Width of a picture on the page, in pixels: sharp on a dense screen, and small enough to send a hundred by mail. */
const WIDTH = 480;

/**
 * Writes a ranking as one HTML file that needs no network, completely or not at all.
 * @param file its folder is created if missing, and an existing file is replaced
 * @throws RankingPageNotWritten if the path is a folder, the disk refuses it, or the name does not end in .html: it
 * could be that of a picture, which would be overwritten
 */
export async function writeRankingPage(ranking: Ranking, file: string): Promise<void> {
  if (!/\.html?$/i.test(file)) throw new RankingPageNotWritten(file, "its name does not end in .html");
  const previews = new Map<string, string | null>();
  for (const { image } of ranking.ranking) if (!previews.has(image)) previews.set(image, await preview(image));
  const pictures = ranking.ranking.map(({ image }) => previews.get(image) ?? null);
  const page = rankingPage({ ranking, pictures });
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new RankingPageNotWritten(file, "it is a folder");
  try {
    await writeAtomically(file, page);
  } catch (thrown) {
    throw new RankingPageNotWritten(file, messageOf(thrown), thrown);
  }
}

/** Null if the file was removed after it was ranked. */
async function preview(image: string): Promise<string | null> {
  try {
    return await previewUri(image, WIDTH, { type: "jpeg", quality: 80 });
  } catch (thrown) {
    if (thrown instanceof ThumbnailRefused) return null;
    throw thrown;
  }
}
