import type { Progress } from "../base";
import { ThumbrankError } from "../base";
import { type NotebookSettings, settingsOf } from "./profile";

/** A table of videos and the folder of their pictures, as `importTable` takes them. */
export interface Source {
  file: string;
  thumbnails: string;
}

/** It is unclear which videos to use, or they would mix with the synthetic ones. */
export class SourceUnclear extends ThumbrankError {
  constructor(what: string, next: string) {
    super("NOTEBOOK_SOURCE_UNCLEAR", { what, next });
  }
}

/**
 * Prepares the videos of a home: the reader's table if given, else the synthetic world, which is drawn first.
 * @throws SourceUnclear
 */
export async function* prepareSource(
  settings: NotebookSettings,
  { table, thumbnails }: { table: string | null; thumbnails: string | null },
): AsyncGenerator<Progress, Source> {
  const { sample, profile, seed, paths } = settings;
  if (table !== null && thumbnails !== null) {
    const own = settingsOf(profile, { seed }).paths.home;
    if (sample !== null && paths.home === own) {
      throw new SourceUnclear(
        `your videos would mix with the synthetic ones of the profile "${profile}"`,
        'give a home of your own, or use the profile "full"',
      );
    }
    return { file: table, thumbnails };
  }
  if (table !== null || sample === null) {
    throw new SourceUnclear(
      table === null
        ? 'the profile "full" uses your own videos, and no table was given'
        : "a table was given without thumbnails",
      "give both parameters: `table` (CSV or Parquet) and `thumbnails` (the folder of their pictures)",
    );
  }
  const { sampleFolder, sampleWorld, writeSample } = await import("../dataset");
  const files = yield* writeSample(sampleWorld(sample), sampleFolder(paths));
  return { file: files.table, thumbnails: files.thumbnails };
}
