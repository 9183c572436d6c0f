import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const introduction = `# The walkthrough

The notebooks of [notebooks/](../../notebooks), executed, for readers who only want to look. Everything here is computed on a
**synthetic** world: channels, titles, pictures and views are drawn by a program, and so is what makes a thumbnail win.
That is why these pages can say how much of it the model finds. [RESULTS.md](../RESULTS.md) has figures for real videos.

To run them yourself: \`npm run lab\`. To make these pages again: \`npm run walkthrough\`.`;

const entry = (page, { title, lead, picture }) =>
  [`## [${title}](${page})`, lead, picture ? `<a href="${page}">${picture}</a>` : ""]
    .filter((part) => part !== "")
    .join("\n\n");

/** The index: each page with its first words and a picture. */
export const indexOf = (pages) =>
  `${[introduction, ...pages.map(({ page, summary }) => entry(page, summary))].join("\n\n")}\n`;

/** Puts pages, pictures and index into a folder, and takes out what earlier ones left there. */
export function writeWalkthrough(folder, pages) {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (/\.md$|^pictures$/.test(name)) rmSync(join(folder, name), { recursive: true });
  mkdirSync(join(folder, "pictures"));
  for (const { page, text, pictures } of pages) {
    writeFileSync(join(folder, page), text);
    for (const [file, picture] of pictures) writeFileSync(join(folder, file), picture);
  }
  writeFileSync(join(folder, "README.md"), indexOf(pages));
}
