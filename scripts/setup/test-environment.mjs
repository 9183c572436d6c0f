import { existsSync } from "node:fs";
import { join } from "node:path";
import { installRequirements, makeEnvironment, pythonIn } from "./environment.mjs";
import { SetupFailed } from "./failure.mjs";
import { hashOf, readJson, writeWhole } from "./files.mjs";

const requirementsOf = ({ project }) => join(project, "tests", "python", "requirements.txt");

/** The folder of the environment: in the user's cache, so that clones share it, and one for each lock. */
export const testEnvironmentFolder = (places) =>
  join(places.cache, "test-python", hashOf(requirementsOf(places)).slice(0, 16));

const stampOf = (places) => join(testEnvironmentFolder(places), "complete.json");

/** Python with the packages that judge our output (MLflow, onnxruntime, safetensors, Triton's schema); for tests only. */
export const testEnvironment = {
  name: "Python packages of the tests",
  optional: true,

  check: (places) =>
    readJson(stampOf(places)) !== undefined && existsSync(pythonIn(testEnvironmentFolder(places)))
      ? testEnvironmentFolder(places)
      : undefined,

  plan: () => "installing MLflow, onnxruntime and others (100 MB)",

  async run(places) {
    const folder = testEnvironmentFolder(places);
    try {
      await makeEnvironment(folder, places);
      await installRequirements(folder, requirementsOf(places), places);
    } catch (error) {
      throw new SetupFailed("SETUP_TEST_PACKAGES_FAILED", {
        what: `the Python environment of the tests, ${folder}, could not be made: ${error.message}`,
        next: "check the connection to the Python package index, then npm test; without it, the tests that need it are skipped",
      });
    }
    writeWhole(stampOf(places), "{}");
    return folder;
  },
};
