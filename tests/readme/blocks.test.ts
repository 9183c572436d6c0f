import { expect, test } from "vitest";
import { testedBlocks } from "./blocks";

const fence = "```";

test("only marked bash blocks are taken, with their line", () => {
  const markdown = [
    "# Title",
    `${fence}bash`,
    "npm run never",
    fence,
    "<!-- tested -->",
    "",
    `${fence}bash`,
    "npm run first",
    "",
    "# a comment",
    "$ npm run second",
    fence,
    "<!-- tested -->",
    `${fence}json`,
    "{}",
    fence,
  ].join("\n");
  expect(testedBlocks(markdown)).toEqual([{ line: 7, commands: ["npm run first", "npm run second"] }]);
});

test("a command over several lines is one command", () => {
  const markdown = `<!-- tested -->\n${fence}bash\nthumbrank import a.csv \\\n  --thumbnails b\n${fence}\n`;
  expect(testedBlocks(markdown)[0]?.commands).toEqual(["thumbrank import a.csv --thumbnails b"]);
});

test("two marked blocks stay two", () => {
  const block = (command: string) => `<!-- tested -->\n${fence}bash\n${command}\n${fence}\n`;
  expect(testedBlocks(block("a") + block("b")).map(({ commands }) => commands)).toEqual([["a"], ["b"]]);
});
