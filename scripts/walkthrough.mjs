// npm run walkthrough [-- --from FOLDER] [--to FOLDER]: executed notebooks become docs/walkthrough.
import { existsSync, readFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { allNotebooks } from "./notebooks/all.mjs";
import { outputFolder } from "./notebooks/papermill.mjs";
import { openBrowser } from "./notebooks/walkthrough/browser.mjs";
import { writeWalkthrough } from "./notebooks/walkthrough/folder.mjs";
import { pageOf } from "./notebooks/walkthrough/page.mjs";
import { run } from "./setup/command.mjs";
import { SetupFailed, show } from "./setup/failure.mjs";
import { placesOf, root } from "./setup/places.mjs";

const { values } = parseArgs({ options: { from: { type: "string" }, to: { type: "string" } } });
const from = resolve(values.from ?? outputFolder(placesOf()));
const to = resolve(values.to ?? join(root, "docs", "walkthrough"));
const say = (line) => process.stderr.write(`${line}\n`);
const names = (folder) => allNotebooks(folder).map((path) => basename(path, ".ipynb"));

function refuse(what) {
  throw new SetupFailed("WALKTHROUGH_NOT_MADE", { what, next: "npm run notebooks, then npm run walkthrough" });
}

/** An executed notebook that ended well, in the profile that the pages speak of. */
function executed(name) {
  const notebook = JSON.parse(readFileSync(join(from, `${name}.ipynb`), "utf8"));
  const outputs = notebook.cells.flatMap((cell) => cell.outputs ?? []);
  if (outputs.length === 0 || outputs.some(({ output_type }) => output_type === "error"))
    refuse(`${name}.ipynb in ${relative(root, from)} did not run to its end`);
  const profile = notebook.metadata.papermill?.parameters?.profile ?? "sample";
  if (profile !== "sample") refuse(`${name}.ipynb in ${relative(root, from)} was run in the profile ${profile}`);
  return notebook;
}

async function make(wanted) {
  const notebooks = wanted.map((name) => [name, executed(name)]);
  const browser = await openBrowser();
  const pages = [];
  try {
    for (const [name, notebook] of notebooks) {
      const made = await pageOf(
        name,
        notebook,
        wanted.map((page) => `${page}.md`),
        browser,
      );
      pages.push({ page: `${name}.md`, ...made });
      say(`${name}: ${made.pictures.size} pictures`);
    }
  } finally {
    await browser.close();
  }
  writeWalkthrough(to, pages);
}

try {
  const wanted = values.from ? names(from) : names(join(root, "notebooks"));
  if (!values.from && wanted.some((name) => !existsSync(join(from, `${name}.ipynb`)))) {
    say("running the notebooks of the sample profile ...");
    await run(process.execPath, [join(root, "scripts", "notebooks.mjs")], { cwd: root });
  }
  await make(wanted);
} catch (failure) {
  say(show(failure));
  process.exitCode = 1;
}
