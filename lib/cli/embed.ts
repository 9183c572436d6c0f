import { z } from "zod";
import { finish, ThumbrankError } from "../base";
import { BUILT_IN_ENCODERS, encoderFlags, GUIDE_ENCODERS } from "../config";
import type { EmbedJob, EmbedOutcome, EmbedReport } from "../embedding";
import type { Store } from "../store";
import { defineCommand } from "./command";
import { answer, type CommonFlags, CommonSettings, say, withStore, withVideos } from "./context";
import { type EncoderFlags, EncoderSettings, openEncoders } from "./encoder-flags";
import { withJobs } from "./jobs";
import { progressBar } from "./progress";

const EmbedSettings = z
  .strictObject({
    batchSize: z.number().int().min(1).max(1024).default(32).meta({
      unit: "videos",
      description: "pictures or titles embedded at once",
    }),
    threads: z.number().int().min(0).max(64).optional().meta({
      description: "threads that decode and embed pictures (default: one for each core); 1 or 0: on the main thread",
    }),
    queue: z.boolean().default(false).meta({
      description: "let workers (`thumbrank worker`) embed into the store, then fill this machine's files from there",
    }),
    all: z.boolean().default(false).meta({
      description: "embed every stored video, not only those that `pairs` put in a fold",
    }),
  })
  .meta({ title: "Work" });
type EmbedFlags = CommonFlags & EncoderFlags & z.input<typeof EmbedSettings>;

export const embedCommand = defineCommand({
  name: "embed",
  group: "Data",
  summary: "embed thumbnails and titles; what is done is skipped, so it can be stopped and run again",
  settings: { encoders: EncoderSettings, work: EmbedSettings, common: CommonSettings },
  examples: [encoderFlags(BUILT_IN_ENCODERS), `${encoderFlags(GUIDE_ENCODERS)} --batch-size 64`],
  async run({ encoders, work, common }) {
    const report = await embed({ ...encoders, ...work, ...common });
    for (const { videoId, reason } of [...report.image.refused, ...report.text.refused]) say(`${videoId}: ${reason}`);
    answer(common, report, embedText(report));
    for (const outcome of [report.image, report.text]) if (isBarren(outcome)) throw new NothingEmbedded(outcome);
  },
});

/** Every picture or title was refused: there is nothing to train on. */
export class NothingEmbedded extends ThumbrankError {
  constructor({ identity, refused }: EmbedOutcome) {
    super("EMBEDDING_ALL_REFUSED", {
      what: `none of ${refused.length} videos could be embedded by ${identity.model}: ${refused[0]?.reason}`,
      next: "remove that cause, or import the videos again with their pictures (`thumbrank import`), then embed again",
    });
  }
}

const isBarren = ({ embedded, already, fetched, refused }: EmbedOutcome): boolean =>
  embedded + already + fetched === 0 && refused.length > 0;

/** Embeds the pictures and titles of the videos that `pairs` put in a fold, or of all videos. */
export async function embed(flags: EmbedFlags): Promise<EmbedReport> {
  const { assertPaired } = await import("../store");
  const { embedAll } = await import("../embedding");
  const size = flags.batchSize === undefined ? {} : { batchSize: flags.batchSize };
  // Check this before fetching an encoder that would have nothing to do.
  await withVideos(flags, (store) => (flags.all ? Promise.resolve() : assertPaired(store)));
  const { image, text } = await openEncoders(flags);
  try {
    return await withStore(flags, async (store, paths) => {
      const job: EmbedJob & { store: Store } = {
        store,
        paths,
        image,
        text,
        scope: flags.all ? "all" : "rated",
        threads: flags.threads,
        ...size,
      };
      if (flags.queue) await embedOnQueue(job);
      return finish(embedAll(job), progressBar());
    });
  } finally {
    await Promise.all([image.close(), text.close()]);
  }
}

/** Lets workers embed into the store what has no vector there yet. */
async function embedOnQueue(job: EmbedJob & { store: Store }): Promise<void> {
  const { embedStage } = await import("../embedding");
  const { EMBED_PLACEMENT, runOnQueue } = await import("../jobs");
  await withJobs((jobs) => finish(runOnQueue(jobs, embedStage(job), EMBED_PLACEMENT), progressBar()));
}

/** One line per encoder, and a note on vectors that are no longer used. */
export function embedText({ image, text, superseded }: EmbedReport): string {
  const lines = [image, text].map(({ identity, embedded, already, fetched, damaged, refused }) => {
    const workers = fetched === 0 ? "" : `${fetched} from the store, `;
    const repaired = damaged === 0 ? "" : `; ${damaged} damaged vectors were taken out and made again`;
    const counts = `${embedded} embedded, ${workers}${already} already there, ${refused.length} refused${repaired}`;
    return `${identity.kind} by ${identity.model} (${identity.dimensions} dimensions): ${counts}`;
  });
  const earlier = superseded.map(
    (folder) =>
      `Pictures are embedded upright now. The vectors in ${folder} were made before and are used no more; a run trained on them needs them, and the newer ones moved away, to be resumed or evaluated.`,
  );
  return [...lines, ...earlier].join("\n");
}
