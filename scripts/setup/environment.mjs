import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.mjs";
import { SetupFailed } from "./failure.mjs";
import { hashOf, readJson, writeWhole } from "./files.mjs";
import { findPython } from "./python.mjs";

/** The folder of the conda environment that `environment.yml` made, where it is active. */
const condaFolder = ({ environment }) =>
  environment.CONDA_DEFAULT_ENV === "thumbrank" ? environment.CONDA_PREFIX : undefined;

/** The folder of the Python environment: conda's where there is one, else `.venv`. */
export const environmentFolder = (places) => condaFolder(places) ?? join(places.project, ".venv");

/** The environment's Python. */
export const pythonOf = (places) => join(environmentFolder(places), "bin", "python");

const stampOf = (places) => join(environmentFolder(places), "thumbrank.json");
const requirementsOf = ({ project }) => join(project, "requirements.txt");

async function hasPip(places) {
  return run(pythonOf(places), ["-m", "pip", "--version"]).then(
    () => true,
    () => false,
  );
}

/** Makes the environment where there is none that works, also where Python came without ensurepip. */
async function create(places) {
  if (await hasPip(places)) return;
  if (condaFolder(places) !== undefined) throw new Error("the active conda environment has no pip (conda install pip)");
  const folder = environmentFolder(places);
  const python = await findPython(places.environment);
  try {
    await run(python, ["-m", "venv", "--clear", folder]);
  } catch {
    await run(python, ["-m", "venv", "--clear", "--without-pip", folder]);
    await run(python, ["-m", "pip", "--python", pythonOf(places), "install", "--quiet", "pip"], places);
  }
}

/** Python's environment with JupyterLab, papermill, plotly and TensorBoard, as requirements.txt pins them. */
export const pythonEnvironment = {
  name: "Python environment",

  check(places) {
    const stamp = readJson(stampOf(places));
    const fresh = stamp?.requirements === hashOf(requirementsOf(places)) && existsSync(pythonOf(places));
    return fresh ? environmentFolder(places) : undefined;
  },

  plan: () => "installing JupyterLab, papermill and TensorBoard",

  async run(places) {
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
    try {
      await create(places);
      await run(
        pythonOf(places),
        ["-m", "pip", "install", ...quiet, "--require-hashes", "-r", requirementsOf(places)],
        places,
      );
    } catch (error) {
      throw new SetupFailed("SETUP_PYTHON_PACKAGES_FAILED", {
        what: `the Python environment ${environmentFolder(places)} could not be made: ${error.message}`,
        next: "check the connection to the Python package index (Debian also needs: apt install python3-venv), then npm run setup",
      });
    }
    writeWhole(stampOf(places), JSON.stringify({ requirements: hashOf(requirementsOf(places)) }));
    return environmentFolder(places);
  },
};
