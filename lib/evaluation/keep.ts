import { join } from "node:path";
import { z } from "zod";
import type { Paths } from "../config";
import { readPlain, writeAtomically } from "../files";
import { describeRun, type FinishedRun, readRunRecord } from "../runs";
import { picturePath, withStore } from "../store";
import type { Diagnosis } from "./issues";
import { type EvaluationJson, type JsonEstimate, toJson } from "./json";
import { keepScores, keptScores } from "./kept-scores";
import { writeReport } from "./page";
import type { EvaluationReport } from "./report";

const FILE = "evaluation.json";

/** The results an evaluation saves: the object of `--json`, and the report's file. */
export interface KeptEvaluation {
  json: EvaluationJson;
  file: string;
  /** Number of the report's pictures that could not be read. */
  missingPictures: number;
}

/** What was evaluated, and the folder for its report. */
type Kept = Pick<FinishedRun, "name" | "paths" | "folder" | "history" | "dataHash">;

/** Saves the evaluation of an exported model in a home, in a folder that no run uses: `runs/exported-NAME`. */
export function keepExported(paths: Paths, report: EvaluationReport): Promise<KeptEvaluation> {
  const name = `exported-${report.exported?.name}`;
  return keepEvaluation(
    { name, paths, folder: join(paths.runs, name), history: [], dataHash: report.dataHash },
    report,
  );
}

/** Writes the report of a run as a page, and saves its figures and scores beside it, and its figures in the store. */
export async function keepEvaluation(
  { name, paths, folder, history, dataHash }: Kept,
  report: EvaluationReport,
  diagnosis?: Diagnosis,
): Promise<KeptEvaluation> {
  const file = join(folder, "report.html");
  const pictures = picturePath.bind(null, paths.thumbnails);
  const run = report.exported === null ? await describeRun(paths, name) : undefined;
  const shown = { ...(diagnosis && { diagnosis }), ...(run && { run }) };
  const { missingPictures } = await writeReport(report, { file, pictures, history, ...shown });
  const json = toJson(report);
  await writeAtomically(join(folder, FILE), `${JSON.stringify(json, null, 2)}\n`);
  await keepScores(folder, { dataHash, splits: { channel: report.channel.scores, time: report.time.scores } });
  const evaluation = { model: name, evaluatedAt: new Date(), dataHash, metrics: { ...json } };
  await withStore(paths, (store) => store.saveEvaluation(evaluation));
  return { json, file, missingPictures };
}

/** The figures that `keepEvaluation` saved in a run's folder; null if the run was not evaluated. */
export async function keptEvaluation({ folder }: Pick<FinishedRun, "folder">): Promise<Record<string, unknown> | null> {
  const text = await readPlain(join(folder, FILE)).then(String, () => null);
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
}

/** A split's figures by the names of `--json`, such as `pairwiseAuc`. */
export type SplitFigures = Record<string, JsonEstimate> & { pairwiseAuc: JsonEstimate };

/** The figures of a kept evaluation. */
export interface EvaluationFigures {
  channel: SplitFigures;
  time: SplitFigures;
}

const Estimate = z.object({ value: z.number().nullable(), low: z.number().nullable(), high: z.number().nullable() });
const Split = z
  .looseObject({ pairwiseAuc: Estimate })
  .transform((split): SplitFigures => ({ ...estimatesIn(split), pairwiseAuc: split.pairwiseAuc }));
const Figures = z.object({ splits: z.object({ channel: Split, time: Split }) });

const estimatesIn = (split: object): Record<string, JsonEstimate> =>
  Object.fromEntries(
    Object.entries(split).flatMap(([name, value]) => {
      const estimate = Estimate.safeParse(value);
      return estimate.success ? [[name, estimate.data]] : [];
    }),
  );

/** The kept figures of a run; null if it was not evaluated since it was trained. @param folder such as `runs/first` */
export async function evaluationFigures(folder: string): Promise<EvaluationFigures | null> {
  // Runs of earlier versions have neither a record nor scores, so that their figures are taken as they are.
  if ((await readRunRecord(folder)) !== null && (await keptScores(folder)) === null) return null;
  const parsed = Figures.safeParse(await keptEvaluation({ folder }));
  return parsed.success ? parsed.data.splits : null;
}
