// npm run notebooks [-- OPTIONS]: all notebooks in their order, without a browser, and a report of what they show.
import { mkdirSync, rmSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { allNotebooks } from "./notebooks/all.mjs";
import { choose, parse, usage } from "./notebooks/arguments.mjs";
import { execute, outputFolder, parametersOf, promisesIn } from "./notebooks/papermill.mjs";
import { renderNotebooks } from "./notebooks/render.mjs";
import { placesOf } from "./setup/places.mjs";

const say = (line) => process.stdout.write(`${line}\n`);

function since(startedMs) {
  const seconds = (Date.now() - startedMs) / 1000;
  return seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A parameter that no notebook declares is a slip of the pen. */
function requireKnown(parameters, notebooks) {
  const known = new Set(notebooks.flatMap(parametersOf).map(({ name }) => name));
  for (const [name] of parameters) {
    if (!known.has(name)) throw new Error(`no notebook takes ${name}; they take ${[...known].join(", ")}`);
  }
}

/** @returns whether it succeeded */
async function runOne(places, notebook, folder, parameters) {
  const name = basename(notebook, ".ipynb");
  const started = Date.now();
  say(`${name} ...`);
  const output = join(folder, basename(notebook));
  rmSync(output, { force: true });
  const failure = await execute(places, notebook, output, parameters);
  if (failure === undefined) {
    const kept = promisesIn(output);
    say(`${name}: done in ${since(started)}${kept > 0 ? `, ${kept} promises kept` : ""}`);
    return true;
  }
  say(`${name}: FAILED after ${since(started)}\n${failure}`);
  say(`Next: look at ${shorten(output)}, fix the cause, then npm run notebooks -- --from ${name.slice(0, 2)}`);
  return false;
}

const shorten = (path) => {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
};

async function runAll(places, chosen) {
  const notebooks = choose(allNotebooks(), chosen);
  const parameters = [["profile", chosen.profile], ...chosen.parameters];
  requireKnown(chosen.parameters, notebooks);
  const folder = outputFolder(places);
  mkdirSync(folder, { recursive: true });
  const started = Date.now();
  let done = 0;
  for (const notebook of notebooks) {
    if (!(await runOne(places, notebook, folder, parameters))) break;
    done++;
  }
  const [contents] = await renderNotebooks(folder);
  say(`${done} of ${notebooks.length} notebooks done in ${since(started)}; report: ${shorten(contents)}`);
  return done === notebooks.length;
}

async function main(args) {
  if (args.includes("--help") || args.includes("-h")) return say(usage);
  const chosen = parse(args);
  if (chosen.html !== undefined) return say((await renderNotebooks(resolve(chosen.html))).join("\n"));
  process.exitCode = (await runAll(placesOf(), chosen)) ? 0 : 1;
}

try {
  await main(process.argv.slice(2));
} catch (failure) {
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = 1;
}
