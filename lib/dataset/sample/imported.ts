import type { Paths } from "../../config";
import { exists } from "../../files";
import { picturePath, type Store } from "../../store";
import type { SampleVideo } from "./world";

/** Whether a store holds each video of this sample world, with its picture. */
export async function isSampleImported(
  world: readonly SampleVideo[],
  store: Pick<Store, "videos">,
  { thumbnails }: Pick<Paths, "thumbnails">,
): Promise<boolean> {
  const missing = new Map(world.map(({ video }) => [video.videoId, video.views]));
  for await (const { videoId, views, picture } of store.videos()) {
    if (picture === null || missing.get(videoId) !== views) continue;
    if (await exists(picturePath(thumbnails, picture))) missing.delete(videoId);
  }
  return missing.size === 0;
}
