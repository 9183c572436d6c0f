import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../house/files";

export interface Output {
  output_type: string;
  name?: string;
  ename?: string;
  evalue?: string;
  text?: string[] | string;
  data?: Record<string, unknown>;
}

const plotly = "application/vnd.plotly.v1+json";
const papermill = join(root, ".venv", "bin", "papermill");
export const hasPapermill = existsSync(papermill);

/** All outputs of an executed notebook, in order. */
export function outputsOf(path: string): Output[] {
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as { cells: { outputs?: Output[] }[] };
  return cells.flatMap(({ outputs }) => outputs ?? []);
}

/** The interactive figures among outputs, as data. */
export const figuresOf = (outputs: Output[]) => outputs.flatMap(({ data }) => (data?.[plotly] ? [data[plotly]] : []));

/**
 * Runs a notebook headless by the stock command.
 * @throws when papermill ends with another code than 0
 * @returns its outputs
 */
export async function papermillRun(notebook: string, out: string, home: string, cwd = root): Promise<Output[]> {
  // A server of the machine's environment would be another store than the home's.
  const { DATABASE_URL, ...environment } = process.env;
  const args = [join(root, "notebooks", notebook), out, "-p", "profile", "smoke", "--no-progress-bar"];
  await promisify(execFile)(papermill, args, {
    cwd,
    // Another clone's kernel of the same name is not ours.
    env: { ...environment, THUMBRANK_HOME: home, JUPYTER_PREFER_ENV_PATH: "1" },
    maxBuffer: 1 << 26,
  });
  return outputsOf(out);
}
