import { Command } from "commander";
import { pathsOf } from "../config";
import type { ImportReport } from "../dataset";
import { finish } from "../progress";
import { answer, type CommonFlags, common, say, withStore } from "./context";
import { importLine } from "./import";
import { progressBar } from "./progress";

interface SampleFlags extends CommonFlags {
  seed: string;
  channels: string;
  videosPerChannel: string;
}

export function sampleCommand(): Command {
  return common(
    new Command("sample")
      .description("draw the synthetic sample world, whose true appeal is known, and import it")
      .option("--seed <number>", "another seed is another world", "0")
      .option("--channels <count>", "channels, spread over six niches", "24")
      .option("--videos-per-channel <count>", "videos of each", "50"),
  ).action(async (flags: SampleFlags) => {
    const report = await sample(flags, Number(flags.seed), Number(flags.channels), Number(flags.videosPerChannel));
    answer(flags, report, importLine(report));
  });
}

/** Draws the sample world into the home and imports it by the same door as any other table. */
export async function sample(
  flags: CommonFlags,
  seed = 0,
  channels = 24,
  videosPerChannel = 50,
): Promise<ImportReport> {
  const { importTable, sampleFolder, sampleWorld, writeSample } = await import("../dataset");
  const show = progressBar();
  const world = sampleWorld({ seed, channels, videosPerChannel });
  const files = await finish(writeSample(world, sampleFolder(pathsOf(flags.dataDir))), show);
  say(`synthetic world of ${world.length} videos: ${files.table}`);
  return withStore(flags, (store, paths) =>
    finish(importTable({ file: files.table, thumbnails: files.thumbnails, store, paths }), show),
  );
}
