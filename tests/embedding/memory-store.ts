import type { EmbeddingStore } from "../../lib/embedding";
import { identityHash } from "../../lib/embedding";
import type { RatedVideo, Video } from "../../lib/store";

/** A store of videos and vectors without a database; `saved` holds a vector by "identity hash/video". */
export function memoryStore(videos: Video[]): EmbeddingStore & { saved: Map<string, Float32Array> } {
  const saved = new Map<string, Float32Array>();
  return {
    saved,
    async *videos() {
      yield* videos;
    },
    async *ratedVideos() {
      for (const video of videos)
        yield { ...video, fold: "train", viewsPerHour: 1, proxy: 1, ctrProxy: 0.5 } as RatedVideo;
    },
    async *missingEmbeddings(identity) {
      for (const { videoId, title, picture } of videos) {
        if (!saved.has(`${identityHash(identity)}/${videoId}`)) yield { videoId, title, picture };
      }
    },
    async *embeddings(identity) {
      for (const { videoId } of videos) {
        const values = saved.get(`${identityHash(identity)}/${videoId}`);
        if (values) yield { videoId, values };
      }
    },
    async saveEmbeddings(identity, embeddings) {
      for await (const { videoId, values } of embeddings)
        saved.set(`${identityHash(identity)}/${videoId}`, values.slice());
    },
  };
}
