import { posix } from "node:path";

/** Notebooks by name, as text; and whether a path of the project exists. */
export interface Shelf {
  notebooks: Record<string, string>;
  exists: (path: string) => boolean;
}

interface Cell {
  cell_type: "code" | "markdown" | "raw";
  execution_count?: number | null;
  outputs?: unknown[];
  metadata: { tags?: string[] };
  source: string[] | string;
}

interface Notebook {
  name: string;
  next: string | undefined;
  cells: Cell[];
  code: Cell[];
  metadata: { kernelspec?: { name?: string; display_name?: string; language?: string } };
}

/** The walkthrough, in its order. */
export const walkthrough = [
  "00_setup",
  "01_collect",
  "02_store",
  "03_pairs",
  "04_embed",
  "05_train",
  "06_evaluate",
  "07_deploy",
].map((name) => `${name}.ipynb`);

export const textOf = ({ source }: { source: string[] | string }) => (Array.isArray(source) ? source.join("") : source);
const linesOf = (cell: Cell) => textOf(cell).trim().split("\n").length;
const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
const sizeOf = (cells: Cell[]) => sum(cells.map((cell) => textOf(cell).length));
const isProse = ({ cell_type }: Cell) => cell_type === "markdown";

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** Share of prose: characters of Markdown sources among the characters of all sources. */
export const proseShare = (cells: Cell[]) => sizeOf(cells.filter(isProse)) / sizeOf(cells);

const typedLet = /^let \w+: [^=]+ = .+;( *\/\/ .*)?$/;
const standard = ["profile", "home", "seed"];

function parametersBroken({ code }: Notebook): string[] {
  const tagged = code.filter(({ metadata }) => metadata.tags?.includes("parameters"));
  if (tagged.length !== 1) return [`${tagged.length} cells tagged parameters`];
  const lines = tagged.map(textOf).join("").trim().split("\n");
  const loose = lines.filter((line) => !typedLet.test(line)).map((line) => `no typed let with a default: ${line}`);
  const missing = standard.filter((name) => !lines.some((line) => line.startsWith(`let ${name}: `)));
  return [...loose, ...missing.map((name) => `no parameter ${name}`)];
}

/** Relative links of prose. */
const linksOf = (cells: Cell[]) =>
  cells
    .filter(isProse)
    .flatMap((cell) => [...textOf(cell).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, to]) => to ?? ""));
const isOutside = (to: string) => /^[a-z]+:/.test(to);

const importsOf = ({ code }: Notebook) =>
  code.flatMap((cell) => [...textOf(cell).matchAll(/\bfrom "(\.[^"]*)"/g)].map(([, from]) => from ?? ""));

const machinePath = /(^|[^\w.}>~-])\/(work|root|tmp|home\/[a-z]+|Users\/[A-Za-z]+)\//;

type Rule = (notebook: Notebook, shelf: Shelf) => string[];
const unless = (kept: boolean, words: string) => (kept ? [] : [words]);

/** Each says what a notebook breaks. */
export const rules: Record<string, Rule> = {
  "no outputs": ({ code }) =>
    unless(
      code.every(({ outputs }) => outputs?.length === 0),
      "has outputs",
    ),
  "no execution counts": ({ code }) =>
    unless(
      code.every(({ execution_count }) => execution_count === null),
      "has execution counts",
    ),
  "short cells": ({ code }) => {
    const lengths = code.map(linesOf);
    const long = lengths.flatMap((lines, at) => (lines > 15 ? [`code cell ${at + 1} has ${lines} lines`] : []));
    return [...long, ...unless(median(lengths) <= 6, `the median code cell has ${median(lengths)} lines`)];
  },
  "prose enough": ({ cells }) =>
    unless(proseShare(cells) >= 0.4, `${Math.round(100 * proseShare(cells))} % of its characters are prose`),
  "one cell of typed parameters": parametersBroken,
  "title with its number": ({ name, cells }) => {
    const title = cells[0] && isProse(cells[0]) ? (textOf(cells[0]).split("\n")[0] ?? "") : "";
    return unless(title.startsWith(`# ${name.slice(0, 2)} `), `begins with "${title}"`);
  },
  "promises at the end": ({ code }) =>
    unless(/\bpromise\(/.test(code.slice(-1).map(textOf).join("")), "the last code cell promises nothing"),
  "a link onward": ({ cells, next }) => {
    const links = linksOf(cells.slice(-1));
    return unless(next === undefined ? links.length > 0 : links.includes(next), `does not end with a link to ${next}`);
  },
  "our kernel": ({ metadata }) => {
    const { name, display_name, language } = metadata.kernelspec ?? {};
    const ours = name === "thumbrank" && display_name === "TypeScript (Thumbrank)" && language === "typescript";
    return unless(ours, `is for the kernel ${name}`);
  },
  "links that lead somewhere": ({ cells }, { exists }) =>
    linksOf(cells)
      .filter((to) => !isOutside(to) && !exists(posix.join("notebooks", to)))
      .map((to) => `links to ${to}`),
  "no folder of a machine": ({ cells }) =>
    cells
      .map(textOf)
      .filter((text) => machinePath.test(text))
      .map((text) => `names a machine's folder: ${text}`),
  "rooms by their index": (notebook) =>
    importsOf(notebook)
      .filter((from) => !/^\.\/lib\/[a-z]+$/.test(from))
      .map((from) => `imports ${from}`),
};

function read(name: string, text: string): Notebook {
  const { cells, metadata } = JSON.parse(text) as Pick<Notebook, "cells" | "metadata">;
  const place = walkthrough.indexOf(name);
  const next = place === -1 ? undefined : walkthrough[place + 1];
  return { name, next, cells, code: cells.filter(({ cell_type }) => cell_type === "code"), metadata };
}

/** What a rule finds wrong in the notebooks of a shelf: `NAME: WHAT`. */
export function broken(rule: string, shelf: Shelf): string[] {
  const judge = rules[rule] as Rule;
  return Object.entries(shelf.notebooks).flatMap(([name, text]) =>
    judge(read(name, text), shelf).map((what) => `${name}: ${what}`),
  );
}
