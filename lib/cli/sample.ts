import { z } from "zod";
import { finish } from "../base";
import { configure, resolvePaths, Seed } from "../config";
import type { ImportReport } from "../dataset";
import { defineCommand } from "./command";
import { answer, type CommonFlags, CommonSettings, say, withStore } from "./context";
import { importLine } from "./import";
import { progressBar } from "./progress";

const SampleSettings = z
  .strictObject({
    seed: Seed.meta({ description: "a different seed gives a different world" }),
    channels: z.number().int().min(1).max(1000).default(24).meta({
      unit: "channels",
      description: "channels to draw, spread over six niches",
    }),
    videosPerChannel: z.number().int().min(1).max(1000).default(50).meta({
      unit: "videos",
      description: "videos of each channel",
    }),
    edgeShare: z.number().min(0).max(1).default(0).meta({
      description:
        "share of the appeal's variance that depends on a face near the left edge and words near the right one, outside of the middle square",
    }),
  })
  .meta({ title: "Sample world" });

/** Which sample world to draw; the default one if nothing is given. */
export type SampleWorld = z.input<typeof SampleSettings>;

export const sampleCommand = defineCommand({
  name: "sample",
  group: "Data",
  summary: "draw the synthetic sample world, whose true appeal is known, and import it",
  settings: { world: SampleSettings, common: CommonSettings },
  examples: ["", "--channels 12 --videos-per-channel 20 --data-dir small"],
  async run({ world, common }) {
    const report = await sample(common, world);
    answer(common, report, importLine(report));
  },
});

/** Draws the sample world into the home and imports it the same way as any other table. */
export async function sample(flags: CommonFlags, options: SampleWorld = {}): Promise<ImportReport> {
  const { sampleFolder, sampleWorld, writeSample } = await import("../dataset");
  const world = sampleWorld(configure(SampleSettings, options));
  const files = await finish(writeSample(world, sampleFolder(resolvePaths(flags.dataDir))), progressBar());
  say(`synthetic world of ${world.length} videos: ${files.table}`);
  return importSample(flags);
}

/** Imports the sample world that was already drawn into the home. */
export async function importSample(flags: CommonFlags): Promise<ImportReport> {
  const { importTable, sampleFiles, sampleFolder } = await import("../dataset");
  const { table, thumbnails } = sampleFiles(sampleFolder(resolvePaths(flags.dataDir)));
  return withStore(flags, (store, paths) =>
    finish(importTable({ file: table, thumbnails, store, paths }), progressBar()),
  );
}
