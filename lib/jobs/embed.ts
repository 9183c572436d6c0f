import { z } from "zod";
import { type EmbedPiece, EncoderElsewhere, embedStage, PictureElsewhere, type StoreEmbedJob } from "../embedding";
import { type Performer, performer } from "./performer";
import type { Placement } from "./placement";

const schema = z.object({
  kind: z.enum(["image", "text"]),
  identity: z.string(),
  stretch: z.string(),
  videoIds: z.array(z.string()),
});

/** Where pieces of embedding go: one job a stretch and encoder, whatever of the stretch is done. */
export const EMBED_PLACEMENT: Placement<EmbedPiece> = {
  queue: "embed",
  itemsOf: ({ identity, stretch }) => [`${identity}/${stretch}`],
  partOf: (piece) => piece,
};

/** Embeds into the store; work for other encoders, or whose pictures are all elsewhere, stops the worker. */
export function embedPerformer(job: StoreEmbedJob): Performer {
  const stage = embedStage(job);
  return performer({
    queue: "embed",
    schema,
    perform: stage.perform,
    verdictOf: (thrown) => (thrown instanceof EncoderElsewhere || lacksPictures(thrown) ? "stop" : "retry"),
  });
}

/** Whether this machine lacks the folder of pictures, rather than one that was lost. */
function lacksPictures(thrown: unknown): boolean {
  return thrown instanceof PictureElsewhere && thrown.absent === thrown.pictures && thrown.pictures > 1;
}
