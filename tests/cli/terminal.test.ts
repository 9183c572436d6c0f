import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { progressBar } from "../../lib/cli/progress";
import { rankingText } from "../../lib/cli/ranking-text";
import { table } from "../../lib/cli/table";
import { run } from "./thumbrank";

/** Moves the cursor, rings, colours by C1, reverses what follows, hides a tag, and begins a line of its own. */
const ATTACK = "\u001b[2J\u001b]0;title\u0007\u009b31m\u202e\u{e0041}\nIMPORTED: all is well";
const OBEYED = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "thumbrank-terminal-"));
});
afterAll(() => rmSync(home, { recursive: true }));

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

function written(name: string, headings: string[], cells: string[]): string {
  const file = join(home, name);
  writeFileSync(file, `${headings.map(quoted).join(",")}\n${cells.map(quoted).join(",")}\n`);
  return file;
}

const COLUMNS = ["video_id", "channel_id", "title", "published_at", "views", "collected_at", "thumbnail"];
const CELLS = ["vid00000001", "channel", "A title", "2024-01-01T00:00:00Z", "1", "2024-02-01T00:00:00Z"];

test.each([
  ["a thumbnail's path", COLUMNS, [...CELLS, `${ATTACK}.jpg`]],
  ["a video's id", COLUMNS, [ATTACK, ...CELLS.slice(1), "a.jpg"]],
  ["a date", COLUMNS, [...CELLS.slice(0, 3), ATTACK, ...CELLS.slice(4), "a.jpg"]],
  ["a column's name", [...COLUMNS.slice(1), `views${ATTACK}`], [...CELLS.slice(1), "a.jpg", "1"]],
])("what %s holds is shown, not sent, as text and as JSON", async (_, headings, cells) => {
  const file = written("videos.csv", headings, cells);
  for (const more of [[], ["--json"]]) {
    const { stdout, stderr } = await run(["import", file, "--thumbnails", home, "--data-dir", home, ...more]);
    expect(`${stdout}${stderr}`).not.toMatch(OBEYED);
    expect(`${stdout}${stderr}`).not.toMatch(/^IMPORTED/m);
  }
});

test("what arguments hold is shown, not sent", async () => {
  const missing = join(home, `${ATTACK}.csv`);
  const runs = [
    ["import", missing, "--thumbnails", home, "--data-dir", home],
    ["rank", missing, "--model", ATTACK, "--data-dir", home],
    ["evaluate", "--run", ATTACK, "--data-dir", home],
    ["train", "--epochs", ATTACK, "--data-dir", home],
    ["jobs", `--${ATTACK}`],
    [ATTACK],
  ];
  for (const args of runs) {
    const { code, stdout, stderr } = await run(args);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/\S/)]);
    expect(`${stdout}${stderr}`).not.toMatch(OBEYED);
  }
});

test("names of pictures in a ranking, titles in a table and notes of progress are shown", () => {
  const candidate = { index: 0, image: `${ATTACK}.jpg`, title: null, score: 1, percentile: 50, subScores: {} };
  const lines: string[] = [];
  progressBar({ write: (text) => lines.push(text) })({ stage: "import", done: 1, total: 1, note: ATTACK });
  const shown = [
    rankingText({ ranking: [candidate], winProbability: [[0.5]], note: "" } as unknown as Parameters<
      typeof rankingText
    >[0]),
    table(["title"], [[ATTACK], ["b"]]),
    lines.join(""),
  ];
  for (const text of shown) {
    expect(text).toContain(String.raw`\u001b[2J`);
    expect(text).not.toMatch(OBEYED);
    expect(text).not.toMatch(/^IMPORTED/m);
  }
});

test("columns are aligned as a terminal draws wide characters and emoji", () => {
  expect(
    table(
      ["title", "views"],
      [
        ["日本", 1],
        ["👍🏽", 2],
        ["abcd", 3],
      ],
    ),
  ).toBe(["title  views", "-----  -----", "日本       1", "👍🏽         2", "abcd       3"].join("\n"));
});
