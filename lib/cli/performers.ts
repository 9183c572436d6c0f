import type { Paths } from "../config";
import type { Performer, QueueName } from "../jobs";
import type { Store } from "../store";
import { say } from "./context";
import { openEncoders, type WorkerEncoderFlags } from "./encoder-flags";

/** Does the jobs of a queue until it is closed. */
export interface OpenPerformer {
  performer: Performer;
  close(): Promise<void>;
}

/** Opens what the jobs of a queue need. @throws EncoderNotNamed, and what encoders and clients throw */
export async function openPerformer(
  flags: WorkerEncoderFlags,
  queue: QueueName,
  place: { store: Store; paths: Paths },
): Promise<OpenPerformer> {
  if (queue === "embed") return openEmbedder(flags, place);
  const { collectPerformer } = await import("../jobs");
  const { readYoutubeAccess } = await import("../youtube");
  if (queue !== "thumbnails") readYoutubeAccess(process.env);
  return { performer: collectPerformer(queue, place), close: async () => {} };
}

async function openEmbedder(
  { image: imageName, text: textName, ...options }: WorkerEncoderFlags,
  { store, paths }: { store: Store; paths: Paths },
): Promise<OpenPerformer> {
  const { embedPerformer, EncoderNotNamed } = await import("../jobs");
  if (imageName === undefined || textName === undefined) throw new EncoderNotNamed();
  const { image, text } = await openEncoders({ image: imageName, text: textName, ...options });
  const refused = ({ videoId, reason }: { videoId: string; reason: string }) => say(`${videoId}: ${reason}`);
  return {
    performer: embedPerformer({ store, paths, image, text, refused }),
    async close() {
      await Promise.all([image.close(), text.close()]);
    },
  };
}
