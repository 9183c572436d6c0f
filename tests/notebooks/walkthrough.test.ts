import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { root } from "../house/files";
import { notebookOf, plant, temporaryFolder } from "./plant";
import { walkthrough } from "./rules";

const hasChromium = existsSync("/usr/bin/chromium");
const needed = hasChromium ? "" : " (needs /usr/bin/chromium)";

const hostile = `<script>alert(1)</script> | [x](javascript:1) \`y\` *z*`;
const escaped = hostile.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const red = (
  await sharp({ create: { width: 80, height: 45, channels: 3, background: "#f00" } })
    .png()
    .toBuffer()
).toString("base64");
const table = `<table><caption>two rows</caption><tr><th>title</th><th>views</th></tr>
<tr><td>${escaped}</td><td style="text-align:right">12</td></tr></table>`;
const figure = {
  data: [{ type: "bar", x: ["a", "b"], y: [1, 2], marker: { color: "#00f" } }],
  layout: { title: { text: "Two bars" } },
};
const shows = (data: object) => ({ output_type: "display_data", metadata: {}, data });
const says = (text: string) => ({ output_type: "stream", name: "stdout", text });

/** An executed notebook: each cell's outputs. */
function executed(metadata: object, ...outputs: object[][]): string {
  const prose = {
    prose: "# 03 · Pairs\n\nOn to [04](04_embed.ipynb#top), [errors](../docs/ERRORS.md), [out](https://example.org).",
  };
  const notebook = JSON.parse(notebookOf(prose, ...outputs.map((_, at) => `show(${at});`)));
  for (const [at, shown] of outputs.entries())
    Object.assign(notebook.cells[at + 1], { outputs: shown, execution_count: at });
  return JSON.stringify({ ...notebook, metadata: { ...notebook.metadata, ...metadata } });
}

const notebook = executed(
  {},
  [shows({ "application/vnd.plotly.v1+json": figure, "text/plain": "bars" })],
  [shows({ "text/html": table, "text/plain": "a table" })],
  [shows({ "text/html": `<img src="data:image/png;base64,${red}"> gallery`, "text/plain": "1 picture" })],
  [says(`10 %\r100 %\nwritten to ${root}/data/x\n`), says("\u001b[32mdone\u001b[0m\n")],
);

function make(from: string) {
  const to = temporaryFolder();
  const args = [join(root, "scripts/walkthrough.mjs"), "--from", from, "--to", to];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const text = (name: string) => readFileSync(join(to, name), "utf8");
  return { to, status, stderr, text };
}
const folderOf = (files: Record<string, string>) => dirname(plant(files)[0] ?? "");
const colours = async (path: string) => (await sharp(path).stats()).channels.map(({ mean }) => Math.round(mean));

test.skipIf(!hasChromium)(`an executed notebook becomes a page with pictures, tables and text${needed}`, async () => {
  const from = folderOf({ "03_pairs.ipynb": notebook, "04_embed.ipynb": executed({}, [says("x")]) });
  const { to, status, stderr, text } = make(from);
  expect(stderr).toBe("03_pairs: 4 pictures\n04_embed: 0 pictures\n");
  expect(status).toBe(0);
  const page = text("03_pairs.md");
  expect(page).toContain("](04_embed.md), [errors](../ERRORS.md), [out](https://example.org)");
  const source = '<source media="(prefers-color-scheme: dark)" srcset="pictures/03_pairs-01-dark.webp">';
  const image = '<img alt="Two bars" src="pictures/03_pairs-01.webp">';
  expect(page).toContain(`\`\`\`ts\nshow(0);\n\`\`\`\n\n<picture>${source}${image}</picture>`);
  expect(page).toContain(
    "| title | views |\n| --- | ---: |\n| &lt;script>alert(1)&lt;/script> \\| \\[x\\](javascript:1) \\`y\\` \\*z\\* | 12 |",
  );
  expect(page).toContain("*two rows*");
  expect(page).toContain("```text\n100 %\nwritten to …/data/x\ndone\n```");
  expect(page).not.toContain(root);
  const [bars, gallery] = await Promise.all([1, 2].map((at) => colours(join(to, `pictures/03_pairs-0${at}.webp`))));
  expect(bars?.[2]).toBeGreaterThan((bars?.[0] ?? 0) + 20);
  expect(gallery?.[0]).toBeGreaterThan((gallery?.[2] ?? 0) + 5);
  const [dark, darkGallery] = await Promise.all(
    [1, 2].map((at) => colours(join(to, `pictures/03_pairs-0${at}-dark.webp`))),
  );
  for (const [light, other] of [
    [bars, dark],
    [gallery, darkGallery],
  ])
    expect(other?.[1]).toBeLessThan((light?.[1] ?? 0) - 100);
  expect(text("README.md")).toContain("## [03 · Pairs](03_pairs.md)");
  expect(text("README.md")).toContain('<a href="03_pairs.md"><picture>');
  expect(text("README.md")).toMatch(/synthetic/);
});

test.skipIf(!hasChromium)(`made twice, the pages are the same${needed}`, () => {
  const from = folderOf({ "03_pairs.ipynb": notebook });
  const one = make(from);
  const two = make(from);
  for (const name of ["03_pairs.md", "README.md", "pictures/03_pairs-01.webp"])
    expect(one.text(name)).toBe(two.text(name));
});

test("no pages are made of notebooks that failed, never ran, or ran in another profile", () => {
  const failed = [{ output_type: "error", ename: "TypeError", evalue: "x", traceback: [] }];
  const smoke = { papermill: { parameters: { profile: "smoke" } } };
  const bad = [executed({}, failed), executed({}, []), executed(smoke, [says("x")])];
  for (const text of bad) {
    const { to, status, stderr } = make(folderOf({ "03_pairs.ipynb": text }));
    expect(stderr).toContain("WALKTHROUGH_NOT_MADE: 03_pairs.ipynb");
    expect(status).toBe(1);
    expect(readdirSync(to)).toEqual([]);
  }
});

// What is kept in git.

const kept = join(root, "docs", "walkthrough");
const pages = () => readdirSync(kept).filter((name) => name.endsWith(".md"));
const read = (name: string) => readFileSync(join(kept, name), "utf8");
const withoutCode = (text: string) => text.replaceAll(/^(`{3,})[^`]*\n[\s\S]*?^\1$/gm, "");
const linksIn = (name: string) =>
  [...withoutCode(read(name)).matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)"\s#]+)[^)"]*[)"]/g)].map(
    ([, to]) => to ?? "",
  );

test("every notebook has its page, and the index and the README lead there", () => {
  const wanted = walkthrough.map((name) => name.replace(".ipynb", ".md"));
  expect(pages()).toEqual([...wanted, "README.md"]);
  expect(wanted.filter((page) => !linksIn("README.md").includes(page))).toEqual([]);
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(readme).toContain("](docs/walkthrough/README.md)");
  const pictures = [...readme.matchAll(/docs\/walkthrough\/pictures\/[\w-]+\.webp/g)].map(([path]) => path);
  expect(pictures.length).toBeGreaterThan(0);
  expect(pictures.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  expect(read("README.md")).toMatch(/synthetic/);
});

test("the walkthrough is light, and every page but the first has pictures", () => {
  const files = readdirSync(kept, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sizes = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)).length);
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(10 * 1024 * 1024);
  const bare = pages().filter((page) => !/^00|README/.test(page) && !/(\]\(|src=")pictures\//.test(read(page)));
  expect(bare).toEqual([]);
});

test("the walkthrough's links and pictures exist, and every picture is shown", () => {
  const local = pages().flatMap((page) => linksIn(page).filter((to) => !/^[a-z]+:/.test(to)));
  expect(local.filter((to) => !existsSync(join(kept, to)))).toEqual([]);
  const pictures = readdirSync(join(kept, "pictures")).map((name) => relative(kept, join(kept, "pictures", name)));
  expect(pictures.filter((picture) => !local.includes(picture))).toEqual([]);
});
