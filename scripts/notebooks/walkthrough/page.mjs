import { sourceOf } from "../normal.mjs";
import { block, relinked } from "./markdown.mjs";
import { outputsAsMarkdown } from "./outputs.mjs";

const isOurs = ({ metadata }) => !metadata?.tags?.includes("injected-parameters");

const isUntitled = (picture) => /alt="(plot|picture) /.test(picture);

/** What the index shows of a page: the first paragraph below its title, and the titled picture with the most in it. */
function summaryOf(title, parts, pictures) {
  const byRichness = [...pictures].sort(([, one], [, other]) => other.length - one.length);
  const shown = byRichness.flatMap(([file]) => parts.find((part) => part.includes(` src="${file}"`)) ?? []);
  const picture = shown.find((one) => !isUntitled(one)) ?? shown[0];
  return { title, lead: parts[0]?.split(/\n\n+/)[1] ?? "", picture };
}

/** A picture as GitHub shows it, in the dark another one where there is one. */
function pictureMarkup(alternative, light, dark) {
  const alt = alternative.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  const source = dark === undefined ? "" : `<source media="(prefers-color-scheme: dark)" srcset="${dark}">`;
  return `<picture>${source}<img alt="${alt}" src="${light}"></picture>`;
}

/**
 * An executed notebook as a page.
 * @param name the notebook's name, without extension
 * @param pages all pages of the walkthrough
 * @returns the page, its pictures by file name, and what the index says of it
 */
export async function pageOf(name, notebook, pages, browser) {
  const pictures = new Map();
  let kept = 0;
  const keep = ({ light, dark }, alternative) => {
    kept++;
    const file = `pictures/${name}-${String(kept).padStart(2, "0")}`;
    pictures.set(`${file}.webp`, light);
    if (dark !== undefined) pictures.set(`${file}-dark.webp`, dark);
    return pictureMarkup(alternative, `${file}.webp`, dark && `${file}-dark.webp`);
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
