import { sourceOf } from "../normal.mjs";
import { block, relinked } from "./markdown.mjs";
import { outputsAsMarkdown } from "./outputs.mjs";

const isOurs = ({ metadata }) => !metadata?.tags?.includes("injected-parameters");

const isUntitled = (picture) => /^!\[(plot|picture) /.test(picture);

/** What the index shows of a page: the first paragraph below its title, and the titled picture with the most in it. */
function summaryOf(title, parts, pictures) {
  const byRichness = [...pictures].sort(([, one], [, other]) => other.length - one.length);
  const shown = byRichness.map(([file]) => parts.find((part) => part.startsWith("![") && part.endsWith(`](${file})`)));
  const picture = shown.find((one) => !isUntitled(one)) ?? shown[0];
  return { title, lead: parts[0]?.split(/\n\n+/)[1] ?? "", picture };
}

/**
 * An executed notebook as a page.
 * @param name the notebook's name, without extension
 * @param pages all pages of the walkthrough
 * @returns the page, its pictures by file name, and what the index says of it
 */
export async function pageOf(name, notebook, pages, browser) {
  const pictures = new Map();
  const keep = (picture, alternative) => {
    const file = `pictures/${name}-${String(pictures.size + 1).padStart(2, "0")}.webp`;
    pictures.set(file, picture);
    return `![${alternative}](${file})`;
  };
  const parts = [];
  for (const cell of notebook.cells.filter(isOurs)) {
    const source = sourceOf(cell);
    parts.push(cell.cell_type === "code" ? block(source, "ts") : relinked(source, pages));
    if (cell.cell_type === "code") parts.push(...(await outputsAsMarkdown(cell.outputs, browser, keep)));
  }
  const origin = `*[Walkthrough](README.md) · this is [notebooks/${name}.ipynb](../../notebooks/${name}.ipynb), executed on a synthetic world.*`;
  const title = /^# (.+)/.exec(parts[0] ?? "")?.[1] ?? name;
  return { text: `${[origin, ...parts].join("\n\n")}\n`, pictures, summary: summaryOf(title, parts, pictures) };
}
