import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../base";
import { type Finding, ok, problem } from "./finding";

const PACKAGES = ["jupyterlab", "papermill", "tensorboard"];
const QUESTION = `
import sys
from importlib.metadata import version
print(sys.version.split()[0], *[f"{name} {version(name)}" for name in sys.argv[1:]], sep=", ")
`;

/** The folder of the project's Python: the active conda environment of `environment.yml`, else `.venv`. */
function environmentFolder(environment: NodeJS.ProcessEnv): string {
  const conda = environment.CONDA_DEFAULT_ENV === "thumbrank" ? environment.CONDA_PREFIX : undefined;
  return conda ?? join(__dirname, "..", "..", "..", ".venv");
}

/** The project's Python, which only notebooks and TensorBoard need. */
export async function pythonFinding(
  environment: NodeJS.ProcessEnv,
  folder = environmentFolder(environment),
): Promise<Finding> {
  const python = join(folder, "bin", "python");
  if (!existsSync(python)) return problem("Python", `no ${python}: no notebooks, no TensorBoard`, "npm run setup");
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", QUESTION, ...PACKAGES]);
    return ok("Python", `${stdout.trim()} (${folder})`);
  } catch (thrown) {
    const last = messageOf(thrown).trim().split("\n").at(-1);
    return problem("Python", `${folder} is incomplete: ${last}`, `delete ${folder}, then npm run setup`);
  }
}
