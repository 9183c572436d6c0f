import type { Paths } from "../config";
import { encoderFindings } from "./doctor/encoders";
import { engineFinding, fallbackFinding, precisionFinding, tfjsNodeFinding } from "./doctor/engine";
import type { Finding } from "./doctor/finding";
import { keyFindings, proxyFindings } from "./doctor/keys";
import { diskFinding, memoryFinding, nodeFinding } from "./doctor/machine";
import { pythonFinding } from "./doctor/python";
import { storeFindings } from "./doctor/store";
import { table } from "./table";

export type { Finding };

export interface DoctorOptions {
  paths: Paths;
  /** Folder of the downloaded encoders, if there is one. */
  modelDir?: string;
  environment?: NodeJS.ProcessEnv;
}

/** Checks everything that Thumbrank needs or can use, and says how to fix what is wrong. Changes nothing. */
export async function diagnoseSetup(options: DoctorOptions): Promise<Finding[]> {
  const { paths, modelDir, environment = process.env } = options;
  return [
    nodeFinding(),
    memoryFinding(),
    await diskFinding(paths.home),
    await engineFinding(environment),
    await precisionFinding(),
    await fallbackFinding(),
    await tfjsNodeFinding(environment),
    ...encoderFindings(modelDir),
    ...(await storeFindings(paths, environment)),
    await pythonFinding(environment),
    ...keyFindings(environment),
    ...proxyFindings(environment),
  ];
}

/** Formats the findings as a table, followed by advice for each that needs action. */
export function doctorText(findings: Finding[]): string {
  const rows = findings.map(({ subject, state, value }) => [subject, state, value]);
  const todo = findings.flatMap(({ subject, next }) => (next === undefined ? [] : [`- ${subject}: ${next}`]));
  const advice = todo.length === 0 ? "Nothing to do." : `What to do:\n${todo.join("\n")}`;
  return `${table(["subject", "state", "found"], rows)}\n\n${advice}`;
}
