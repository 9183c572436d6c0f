import { homedir, hostname, tmpdir } from "node:os";
import { posix } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "../../setup/places.mjs";

const mostLines = 40;

/** Takes out what tells of the machine that ran a notebook: folders, and its name in names of files. */
export const anonymous = (text) =>
  [root, tmpdir(), homedir()]
    .reduce((said, path) => said.replaceAll(path, "…"), text)
    .replaceAll(`.${hostname()}.`, ".host.");

/** A fence longer than any run of backticks within. */
function fence(text) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  return "`".repeat(longest + 1);
}

/** A block of code or of what it printed. */
export function block(text, language) {
  const marks = fence(text);
  return `${marks}${language}\n${text.replace(/\n+$/, "")}\n${marks}`;
}

const isUnderWay = (line) => /\[#*-+\] /.test(line);

/** What was printed, as a terminal shows it in the end: jobs when they are done, of long texts not the middle. */
export function printed(text) {
  const shown = stripVTControlCharacters(anonymous(text))
    .split("\n")
    .map((line) => line.replace(/^.*\r(?=.)/, ""))
    .filter((line) => !isUnderWay(line));
  while (shown.at(-1)?.trim() === "") shown.pop();
  const half = mostLines / 2;
  const kept = shown.length > mostLines ? [...shown.slice(0, half), "...", ...shown.slice(-half)] : shown;
  return kept.length > 0 ? block(kept.join("\n"), "text") : "";
}

/** Titles from the internet stay text. */
const inert = (text) =>
  anonymous(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/[\\`*_[\]|~$@#!]/g, "\\$&")
    .replaceAll("://", ":&#47;&#47;")
    .replaceAll(/\s+/g, " ");

/** A table of rows of text, the first its head. */
export function tableOf({ rows, right, caption }) {
  const [head = [], ...body] = rows.map((row) => row.map(inert));
  const rule = head.map((_, column) => (right[column] ? "---:" : "---"));
  const lines = [head, rule, ...body].map((cells) => `| ${cells.join(" | ")} |`);
  return caption ? `${lines.join("\n")}\n\n*${inert(caption)}*` : lines.join("\n");
}

/** Prose with its links as they are from the walkthrough's folder. */
export function relinked(prose, pages) {
  return prose.replaceAll(/\]\(([^)\s#:]+)(#[^)\s]*)?\)/g, (_, to, anchor = "") => {
    const page = to.replace(/\.ipynb$/, ".md");
    const there = pages.includes(page) ? page : posix.relative("docs/walkthrough", posix.join("notebooks", to));
    return `](${there}${pages.includes(page) ? "" : anchor})`;
  });
}
