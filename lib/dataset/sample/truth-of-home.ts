import type { Paths } from "../../config";
import { readTruth } from "./truth";
import { sampleFiles, sampleFolder } from "./write";

/** Some videos, and the home they lie in. */
export interface HomeVideos {
  paths: Pick<Paths, "home">;
  data: { videos: readonly { videoId: string }[] };
}

/** True appeal by video, where a home holds the sample world and nothing else. */
export async function trueAppealOf({ paths, data }: HomeVideos): Promise<ReadonlyMap<string, number> | undefined> {
  const truth = await readTruth(sampleFiles(sampleFolder(paths)).truth);
  return data.videos.every(({ videoId }) => truth?.has(videoId)) ? truth : undefined;
}
