import { Command } from "commander";
import type { EmbedJob, EmbedReport } from "../embedding";
import { finish } from "../progress";
import type { Store } from "../store";
import { answer, type CommonFlags, common, say, withStore } from "./context";
import { withJobs } from "./jobs";
import { progressBar } from "./progress";

interface EmbedFlags extends CommonFlags {
  image: string;
  text: string;
  modelDir?: string;
  batchSize: string;
  all?: boolean;
  queue?: boolean;
}

export function embedCommand(): Command {
  return common(
    new Command("embed")
      .description("embed thumbnails and titles; what is done is skipped, so it can be stopped and run again")
      .requiredOption("--image <encoder>", "descriptor (built in) or clip-vit-l-14")
      .requiredOption("--text <encoder>", "title-hash (built in) or minilm")
      .option("--model-dir <folder>", "folder with the encoders in the hub's layout, where the hub is out of reach")
      .option("--batch-size <count>", "pictures or titles at once", "32")
      .option(
        "--queue",
        "let workers (`thumbrank worker`) embed into the store, then fill this machine's files from there",
      )
      .option("--all", "embed every stored video, not only those that `pairs` put in a fold"),
  ).action(async (flags: EmbedFlags) => {
    const report = await embed(flags);
    for (const { videoId, reason } of [...report.image.refused, ...report.text.refused]) say(`${videoId}: ${reason}`);
    answer(flags, report, embedText(report));
  });
}

/** Embeds what `pairs` put in a fold, or everything, with two encoders. */
export async function embed(flags: EmbedFlags): Promise<EmbedReport> {
  const { embedAll, openImageEncoder, openTextEncoder } = await import("../embedding");
  const from = flags.modelDir === undefined ? {} : { modelDir: flags.modelDir };
  const image = await openImageEncoder(flags.image, from);
  const text = await openTextEncoder(flags.text, from);
  const options = { batchSize: Number(flags.batchSize), scope: flags.all ? ("all" as const) : ("rated" as const) };
  try {
    return await withStore(flags, async (store, paths) => {
      const job = { store, paths, image, text, ...options };
      if (flags.queue) await embedOnQueue(job);
      return finish(embedAll(job), progressBar());
    });
  } finally {
    await Promise.all([image.close(), text.close()]);
  }
}

/** Has workers embed into the store what lacks a vector there. */
async function embedOnQueue(job: EmbedJob & { store: Store }): Promise<void> {
  const { embedStage } = await import("../embedding");
  const { EMBED_PLACEMENT, runOnQueue } = await import("../jobs");
  await withJobs((jobs) => finish(runOnQueue(jobs, embedStage(job), EMBED_PLACEMENT), progressBar()));
}

/** One line an encoder, and what is to be known of earlier vectors. */
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
