import { stat } from "node:fs/promises";
import { messageOf } from "../../base";
import { writeAtomically } from "../../files";
import { previewUri, ThumbnailRefused } from "../../thumbnails";
import { RankingPageNotWritten } from "../errors";
import type { Ranking } from "../rank";
import { rankingPage } from "./page";

/** What a ranking's page tells beside the ranking. */
export interface RankingPageOptions {
  /** The HTML file to write; its folder is made, and a file of that name is replaced. */
  file: string;
  /** The title that was given for all pictures. */
  title?: string | undefined;
}

/** Width of a picture on the page, in pixels: sharp on a dense screen, small enough for a hundred in a mail. */
const WIDTH = 480;

/**
 * Writes a ranking as one HTML file that needs no network, whole or not at all.
 * @throws RankingPageNotWritten if the file is a folder or the disk refuses it, and where its name does not end in
 * .html: it may be that of a picture, which would be lost
 */
export async function writeRankingPage(ranking: Ranking, { file, title }: RankingPageOptions): Promise<void> {
  if (!/\.html?$/i.test(file)) throw new RankingPageNotWritten(file, "its name does not end in .html");
  const pictures: (string | null)[] = [];
  for (const { image } of ranking.ranking) pictures.push(await preview(image));
  const page = rankingPage({ ranking, pictures, title: title?.trim() ?? "" });
  const found = await stat(file).catch(() => undefined);
  if (found?.isDirectory()) throw new RankingPageNotWritten(file, "it is a folder");
  try {
    await writeAtomically(file, page);
  } catch (thrown) {
    throw new RankingPageNotWritten(file, messageOf(thrown), thrown);
  }
}

/** Null if the file has gone since it was ranked. */
async function preview(image: string): Promise<string | null> {
  try {
    return await previewUri(image, WIDTH, { type: "jpeg", quality: 80 });
  } catch (thrown) {
    if (thrown instanceof ThumbnailRefused) return null;
    throw thrown;
  }
}
