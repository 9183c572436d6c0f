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
const REASON_CHARACTERS = 2000;
export const hasPapermill = existsSync(papermill);

/** All outputs of an executed notebook, in order. */
export function outputsOf(path: string): Output[] {
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as { cells: { outputs?: Output[] }[] };
  return cells.flatMap(({ outputs }) => outputs ?? []);
}

/** The interactive figures among outputs, as data. */
export const figuresOf = (outputs: Output[]) => outputs.flatMap(({ data }) => (data?.[plotly] ? [data[plotly]] : []));

/** What a headless run is given beside the notebook. */
export interface RunOptions {
  cwd?: string;
  parameters?: Record<string, string>;
  environment?: Record<string, string>;
}

/**
 * Runs a notebook headless by the stock command, in the smoke profile where no other is given.
 * @throws when papermill ends with another code than 0
 * @returns its outputs
 */
export async function papermillRun(
  notebook: string,
  out: string,
  home: string,
  { cwd = root, parameters = {}, environment = {} }: RunOptions = {},
): Promise<Output[]> {
  // A server or key of the machine's environment would be another store than the home's, or spend somebody's quota.
  const { DATABASE_URL, SUPABASE_URL, YOUTUBE_API_KEY, ...inherited } = process.env;
  const given = Object.entries({ profile: "smoke", ...parameters }).flatMap(([name, value]) => ["-p", name, value]);
  await promisify(execFile)(papermill, [join(root, "notebooks", notebook), out, ...given, "--no-progress-bar"], {
    cwd,
    // Another clone's kernel of the same name is not ours.
    env: { ...inherited, ...environment, THUMBRANK_HOME: home, JUPYTER_PREFER_ENV_PATH: "1" },
    maxBuffer: 1 << 26,
  }).catch(({ stderr }: { stderr: string }) => {
    // What failed stands last, after papermill's own frames; a test's report shows the beginning of a message.
    throw new Error(`${notebook} failed: ${stderr.slice(-REASON_CHARACTERS)}`);
  });
  return outputsOf(out);
}
