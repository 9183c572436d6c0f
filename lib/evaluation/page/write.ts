import { readFile } from "node:fs/promises";
import { writeAtomically } from "../../files";
import type { EpochRecord, RunDescription } from "../../runs";
import type { Thumbnail } from "../../store";
import type { Diagnosis } from "../issues";
import type { EvaluationReport } from "../report";
import { page } from "./page";
import { thumbnails } from "./pictures";

/** Where to write the page, and what to show besides the report. */
export interface ReportOptions {
  /** The HTML file to write; its folder is created. */
  file: string;
  /** Path of a stored picture, such as `(picture) => picturePath(paths.thumbnails, picture)`. */
  pictures: (picture: Thumbnail) => string;
  /** Epochs of the training, for learning curves. */
  history?: readonly EpochRecord[];
  diagnosis?: Diagnosis;
  /** The run that was evaluated. */
  run?: RunDescription;
}

/**
 * Writes the report as one self-contained HTML file.
 * @returns number of missing or broken pictures of shown pairs; the page has a note in their places
 */
export async function writeReport(
  report: EvaluationReport,
  options: ReportOptions,
): Promise<{ missingPictures: number }> {
  const wanted = listPictures(report);
  const pictures = await thumbnails(wanted, options.pictures);
  const { history = [], diagnosis = null, run = null } = options;
  const content = { report, pictures, history, diagnosis, run };
  await writeAtomically(options.file, page(content, await readPlotly()));
  return { missingPictures: new Set(wanted.map(({ sha256 }) => sha256)).size - pictures.size };
}

/** The source of plotly.js, for a page that needs no network. */
export function readPlotly(): Promise<string> {
  return readFile(require.resolve("plotly.js-basic-dist-min"), "utf8");
}

/** The pictures of the pairs that the page shows. */
function listPictures({ videos, channel, time }: EvaluationReport): Thumbnail[] {
  const pairs = [channel, time].flatMap(({ bestPairs, worstPairs }) => [...bestPairs, ...worstPairs]);
  return pairs.flatMap(({ winner, loser }) => [winner, loser]).flatMap((row) => videos[row]?.picture ?? []);
}
