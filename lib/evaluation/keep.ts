import { join } from "node:path";
import { readPlain, writeAtomically } from "../files";
import type { FinishedRun } from "../runs";
import { picturePath, withStore } from "../store";
import type { Diagnosis } from "./issues";
import { type EvaluationJson, toJson } from "./json";
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

/** Writes the report of a run as a page, and saves its figures beside it and in the store. */
export async function keepEvaluation(
  { name, paths, folder, history, dataHash }: FinishedRun,
  report: EvaluationReport,
  diagnosis: Diagnosis,
): Promise<KeptEvaluation> {
  const file = join(folder, "report.html");
  const pictures = picturePath.bind(null, paths.thumbnails);
  const { missingPictures } = await writeReport(report, { file, pictures, history, diagnosis });
  const json = toJson(report);
  await writeAtomically(join(folder, FILE), `${JSON.stringify(json, null, 2)}\n`);
  const evaluation = { model: name, evaluatedAt: new Date(), dataHash, metrics: { ...json } };
  await withStore(paths, (store) => store.saveEvaluation(evaluation));
  return { json, file, missingPictures };
}

/** The figures that `keepEvaluation` saved in a run's folder; null if the run was not evaluated. */
export async function keptEvaluation({ folder }: Pick<FinishedRun, "folder">): Promise<Record<string, unknown> | null> {
  const text = await readPlain(join(folder, FILE)).then(String, () => null);
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
}
