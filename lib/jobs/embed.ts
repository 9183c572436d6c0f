import { z } from "zod";
import { type EmbedPiece, EncoderElsewhere, embedStage, type StoreEmbedJob, ThumbnailElsewhere } from "../embedding";
import type { JobMapping } from "./job-mapping";
import { type Performer, performer } from "./performer";

const schema = z.object({
  kind: z.enum(["image", "text"]),
  identity: z.string(),
  stretch: z.string(),
  videoIds: z.array(z.string()),
});

/** Maps pieces of embedding to jobs: one job for each stretch and encoder, even if part of the stretch is done. */
export const EMBED_PLACEMENT: JobMapping<EmbedPiece> = {
  queue: "embed",
  itemsOf: ({ identity, stretch }) => [`${identity}/${stretch}`],
  partOf: (piece) => piece,
};

/** Embeds into the store. A job for another encoder, or one whose pictures are all missing here, stops the worker. */
export function embedPerformer(job: StoreEmbedJob): Performer {
  const stage = embedStage(job);
  return performer({
    queue: "embed",
    schema,
    perform: stage.perform,
    verdictOf: (thrown) => (thrown instanceof EncoderElsewhere || lacksPictures(thrown) ? "stop" : "retry"),
  });
}

/** Whether this machine lacks the whole folder of pictures, rather than a single lost picture. */
function lacksPictures(thrown: unknown): boolean {
  return thrown instanceof ThumbnailElsewhere && thrown.absent === thrown.pictures && thrown.pictures > 1;
}
