import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.mjs";
import { environmentFolder, pythonOf } from "./environment.mjs";
import { SetupFailed } from "./failure.mjs";
import { hashOf, readJson, writeWhole } from "./files.mjs";
import { findNode } from "./node22.mjs";
import { root } from "./places.mjs";

const logo = "logo-svg.svg";
const logoSource = join(root, "scripts", "setup", "kernelspec", logo);
const pluginOf = ({ project }) => join(project, "kernel", "python");
const settingsOf = (places) => join(environmentFolder(places), "share", "jupyter", "lab", "settings", "overrides.json");
// JupyterLab would ask whether it may fetch news, and look for updates, from the network.
const quiet = { "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false } };
const stampOf = (places) => join(environmentFolder(places), "thumbrank-papermill.json");

/** Where Jupyter finds our kernel, by the name that notebooks carry. */
export const kernelspecFolder = (places) => join(environmentFolder(places), "share", "jupyter", "kernels", "thumbrank");

/** What Jupyter starts: absolute paths, for notebooks lie anywhere and the PATH of an editor has its own Node. */
function specOf(places) {
  const spec = {
    argv: [findNode(places), join(places.project, "kernel", "launch.mjs"), "{connection_file}"],
    display_name: "TypeScript (Thumbrank)",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { debugger: false },
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}

/** Hashes of the plugin's files: what is installed is known by them. */
function sourcesOf(places) {
  const paths = readdirSync(pluginOf(places), { recursive: true }).filter((path) => /\.(py|toml)$/.test(path));
  return Object.fromEntries(paths.sort().map((path) => [path, hashOf(join(pluginOf(places), path))]));
}

const hasPlugin = (places) => JSON.stringify(readJson(stampOf(places))) === JSON.stringify(sourcesOf(places));

function hasSpec(places) {
  const [spec, picture] = ["kernel.json", logo].map((name) => join(kernelspecFolder(places), name));
  return existsSync(picture) && existsSync(spec) && readFileSync(spec, "utf8") === specOf(places);
}

/** Builds from a copy, for setuptools leaves files beside its sources; needs no network. */
async function installPlugin(places) {
  const sources = sourcesOf(places);
  const copy = mkdtempSync(join(tmpdir(), "thumbrank-plugin-"));
  try {
    for (const path of Object.keys(sources)) cpSync(join(pluginOf(places), path), join(copy, path));
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"];
    const local = ["--no-index", "--no-build-isolation", "--no-deps", "--force-reinstall"];
    await run(pythonOf(places), ["-m", "pip", "install", ...quiet, ...local, copy], places);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  writeWhole(stampOf(places), JSON.stringify(sources));
}

function installSpec(places) {
  const folder = kernelspecFolder(places);
  mkdirSync(folder, { recursive: true });
  copyFileSync(logoSource, join(folder, logo));
  writeWhole(join(folder, "kernel.json"), specOf(places));
}

/** Settings that somebody made stay. */
function installSettings(places) {
  if (!existsSync(settingsOf(places))) writeWhole(settingsOf(places), `${JSON.stringify(quiet, null, 2)}\n`);
}

/** The kernel's entry in Jupyter, and papermill's plugin that gives parameters to TypeScript notebooks. */
export const notebooks = {
  name: "notebook kernel",

  check: (places) => (hasPlugin(places) && hasSpec(places) && existsSync(settingsOf(places)) ? "thumbrank" : undefined),

  plan: () => "telling Jupyter and papermill about it",

  async run(places) {
    try {
      if (!hasPlugin(places)) await installPlugin(places);
      installSpec(places);
      installSettings(places);
    } catch (error) {
      throw new SetupFailed("SETUP_KERNEL_FAILED", {
        what: `the notebook kernel could not be put into ${environmentFolder(places)}: ${error.message}`,
        next: "check that the folder may be written to and the disk has room (delete .venv to make it again), then npm run setup",
      });
    }
    return kernelspecFolder(places);
  },
};
