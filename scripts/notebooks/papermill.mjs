import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CommandFailed, run } from "../setup/command.mjs";
import { pythonOf } from "../setup/environment.mjs";
import { readJson } from "../setup/files.mjs";

const textOf = (source) => (Array.isArray(source) ? source.join("") : (source ?? ""));

/** The parameters that a notebook declares in its cell with that tag: name, and type and default as they are written. */
export function parametersOf(path) {
  const { cells } = JSON.parse(readFileSync(path, "utf8"));
  const declaring = cells.find((cell) => cell.metadata?.tags?.includes("parameters"));
  return [...textOf(declaring?.source).matchAll(/^\s*let\s+([\w$]+)([^\n]*)/gm)].map(([, name, rest]) => ({
    name,
    rest,
  }));
}

/** A value as papermill's option: text as it is where the parameter is declared as text, else what it looks like. */
export function optionOf({ name, rest }, value) {
  const type = /^\s*:\s*([^=]+)/.exec(rest)?.[1] ?? "";
  const isText = type === "" ? /^\s*=\s*["'`]/.test(rest) : /^\s*(string|["'][^"']*["'])\s*(\||$)/.test(type);
  if (value === "null" && /\bnull\b/.test(type)) return ["-p", name, "None"];
  return [isText ? "-r" : "-p", name, value];
}

/** The first `error` output of an executed notebook, with the number of its cell. */
export function errorIn(path) {
  for (const cell of readJson(path)?.cells ?? []) {
    const found = cell.outputs?.find((output) => output.output_type === "error");
    if (found !== undefined) return { ...found, count: cell.execution_count };
  }
  return undefined;
}

/** How many promises an executed notebook found kept. */
export function promisesIn(path) {
  const outputs = readJson(path)?.cells.flatMap((cell) => cell.outputs ?? []) ?? [];
  return outputs.reduce((sum, { text }) => sum + (textOf(text).match(/^✓ /gm)?.length ?? 0), 0);
}

/**
 * Runs one notebook by stock papermill, with those of the parameters that it declares.
 * @returns {Promise<string | undefined>} what failed, in words; undefined where nothing did
 */
export async function execute(places, input, output, parameters) {
  const declared = parametersOf(input);
  const given = parameters.flatMap(([name, value]) => {
    const declaration = declared.find((each) => each.name === name);
    return declaration === undefined ? [] : optionOf(declaration, value);
  });
  const environment = { ...places.environment, JUPYTER_PREFER_ENV_PATH: "1" };
  const args = ["-m", "papermill", "--no-progress-bar", "--cwd", dirname(input), input, output, ...given];
  try {
    await run(pythonOf(places), args, { cwd: places.project, environment });
    return undefined;
  } catch (failure) {
    if (!(failure instanceof CommandFailed)) throw failure;
    const error = existsSync(output) ? errorIn(output) : undefined;
    if (error === undefined) return failure.message;
    const where = /^in cell.*$/m.exec(textOf(error.traceback?.join("\n")))?.[0];
    return [`${error.ename}: ${error.evalue}`, ...(where === undefined ? [] : [`  ${where}`])].join("\n");
  }
}

/** Where executed notebooks and their report lie: below THUMBRANK_HOME where that is set. */
export const outputFolder = ({ project, environment }) =>
  join(environment.THUMBRANK_HOME || project, "runs", "notebooks");
