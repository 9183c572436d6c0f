import { expect, test } from "vitest";
import { textOf, tracked } from "./files";

const codeAfter = (pattern: string) => new RegExp(`${pattern}\\s*"([A-Z][A-Z0-9_]+)`, "g");

function codesIn(paths: string[], pattern: string): string[] {
  return paths.flatMap((path) => [...textOf(path).matchAll(codeAfter(pattern))].map(([, code]) => code ?? ""));
}

/** The cells of each row of docs/ERRORS.md that begins with a code. */
function documented(): string[][] {
  const rows = textOf("docs/ERRORS.md").split("\n");
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).map((cell) => cell.trim()));
  return cells.filter(([, code]) => /^`?[A-Z][A-Z0-9]*_[A-Z0-9_]+`?$/.test(code ?? "")).map((row) => row.slice(1, -1));
}

test("every error code of the code has one row in docs/ERRORS.md, and every row a code", () => {
  const thrown = new Set([
    ...codesIn([...tracked("lib/*.ts"), ...tracked("kernel/*.ts")], "super\\("),
    ...codesIn(tracked("scripts/*.mjs"), "SetupFailed\\("),
    ...codesIn(["lib/dataset/refusal.ts", "lib/thumbnails/errors.ts"], "\\|"),
    "SETUP_MISSING",
  ]);
  expect(thrown.size).toBeGreaterThan(10);
  const rows = documented().map(([code]) => (code ?? "").replaceAll("`", ""));
  expect(rows.filter((code) => !thrown.has(code))).toEqual([]);
  expect([...thrown].filter((code) => !rows.includes(code))).toEqual([]);
  expect(rows.filter((code, at) => rows.indexOf(code) !== at)).toEqual([]);
});

test("every row says why and what to do", () => {
  const incomplete = documented().filter((cells) => cells.length !== 3 || cells.some((cell) => cell === ""));
  expect(incomplete).toEqual([]);
});
