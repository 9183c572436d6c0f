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

/** An environment's Python. */
export const pythonIn = (folder) => join(folder, "bin", "python");

/** The project's Python. */
export const pythonOf = (places) => pythonIn(environmentFolder(places));

const stampOf = (places) => join(environmentFolder(places), "thumbrank.json");
const requirementsOf = ({ project }) => join(project, "requirements.txt");

async function hasPip(folder) {
  return run(pythonIn(folder), ["-m", "pip", "--version"]).then(
    () => true,
    () => false,
  );
}

/** Makes an environment in a folder unless one that works is there, also where Python came without ensurepip. */
export async function makeEnvironment(folder, places) {
  if (await hasPip(folder)) return;
  if (folder === condaFolder(places)) throw new Error("the active conda environment has no pip (conda install pip)");
  const python = await findPython(places.environment);
  try {
    await run(python, ["-m", "venv", "--clear", folder]);
  } catch {
    await run(python, ["-m", "venv", "--clear", "--without-pip", folder]);
    await run(python, ["-m", "pip", "--python", pythonIn(folder), "install", "--quiet", "pip"], places);
  }
}

/** Installs into an environment what a file pins, and nothing else. */
export async function installRequirements(folder, requirements, places) {
  const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"];
  await run(pythonIn(folder), ["-m", "pip", "install", ...quiet, "--require-hashes", "-r", requirements], places);
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
    try {
      await makeEnvironment(environmentFolder(places), places);
      await installRequirements(environmentFolder(places), requirementsOf(places), places);
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
