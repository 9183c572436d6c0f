// npm run lab [-- JUPYTERLAB'S ARGUMENTS]: JupyterLab on the notebooks, with `lib` beside them to be edited.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { environmentFolder, pythonOf } from "./setup/environment.mjs";
import { placesOf, root } from "./setup/places.mjs";
import { forwardSignals } from "./setup/under-node22.mjs";

const places = placesOf();
const first = "notebooks/00_setup.ipynb";
const page = existsSync(join(root, first)) ? `/lab/tree/${first}` : "/lab";
const given = process.argv.slice(2);
// JupyterLab takes a setting once.
const extensions = join(root, "kernel", "labextensions");
const ours = [
  `--ServerApp.root_dir=${root}`,
  `--LabApp.default_url=${page}`,
  `--LabApp.extra_labextensions_path=${extensions}`,
  "--ServerApp.answer_yes=True",
];
const args = ours.filter((setting) => !given.some((word) => word.split("=")[0] === setting.split("=")[0]));

if (process.getuid?.() === 0) {
  process.stderr.write("running as root: JupyterLab is told to allow it; it is better to run it as another user\n");
  args.push("--allow-root");
}
const lab = spawn(pythonOf(places), ["-m", "jupyterlab", ...args, ...given], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    // Its terminals find papermill and jupyter, and another clone's kernel of the same name is not taken for ours.
    PATH: [join(environmentFolder(places), "bin"), process.env.PATH].join(delimiter),
    JUPYTER_PREFER_ENV_PATH: "1",
  },
});
forwardSignals(lab);
lab.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal];
});
