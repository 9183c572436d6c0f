import { originalLine } from "./compile";

/** An error as Jupyter represents it. */
export interface Failure {
  ename: string;
  evalue: string;
  traceback: string[];
}

/** The name of a cell in stack traces. */
export const cellFileName = (count: number): string => `cell-${count}.ts`;

/** V8 counts lines and columns from 1; the first line is the executor's own. */
const FRAME = /\(?(cell-(\d+)\.ts):(\d+):(\d+)\)?/;
const RED = "\u001b[31m";
const PLAIN = "\u001b[39m";

/**
 * What a notebook shows of a thrown value: its name and message, the cell's line, and the stack without kernel frames.
 * @param source the cell that ran
 */
export function toFailure(thrown: unknown, count: number, source: string): Failure {
  const { ename, evalue } = named(thrown);
  const stack = parseFrames(thrown);
  const line = findLine(thrown) ?? stack.find((frame) => frame.cell === count)?.line;
  const where = line === undefined ? [] : [`in cell [${count}], line ${line}:`, ...excerpt(source, line)];
  return {
    ename,
    evalue,
    traceback: [`${RED}${ename}${PLAIN}: ${evalue}`, ...where, ...stack.map(({ text }) => text)],
  };
}

/** Errors from other realms, and errors thrown by older code of a reloaded module, are errors too. */
function named(thrown: unknown): { ename: string; evalue: string } {
  if (typeof thrown !== "object" || thrown === null || !("message" in thrown)) {
    return { ename: "Thrown", evalue: String(thrown) };
  }
  const name = "name" in thrown ? String(thrown.name) : "Error";
  return { ename: name, evalue: String(thrown.message) };
}

function findLine(thrown: unknown): number | undefined {
  const line = typeof thrown === "object" && thrown !== null && "line" in thrown ? thrown.line : undefined;
  return typeof line === "number" ? line : undefined;
}

interface Frame {
  cell?: number;
  line?: number;
  text: string;
}

function parseFrames(thrown: unknown): Frame[] {
  const stack = typeof thrown === "object" && thrown !== null && "stack" in thrown ? String(thrown.stack) : "";
  return stack.split("\n").filter(isTheirs).flatMap(parseFrame);
}

/** Whether a frame belongs to a cell, to lib or to a package, and not to Node or the kernel. */
const isTheirs = (frame: string) =>
  /^\s+at /.test(frame) && !/node:|[\\/]kernel[\\/][\w-]+\.ts|[\\/]node_modules[\\/](tslab|tsx)[\\/]/.test(frame);

function parseFrame(text: string): Frame[] {
  const [place, name, cell, line, column] = FRAME.exec(text) ?? [];
  if (place === undefined || name === undefined) return [{ text: text.replace(`${process.cwd()}/`, "") }];
  const original = originalLine(name, Number(line) - 2, Number(column) - 1);
  if (original === undefined) return [];
  return [{ cell: Number(cell), line: original, text: text.replace(place, `(cell [${cell}], line ${original})`) }];
}

/** The line with one before and one after it, and an arrow. */
function excerpt(source: string, line: number): string[] {
  const lines = source.split("\n");
  const from = Math.max(1, line - 1);
  return lines.slice(from - 1, line + 1).map((text, index) => {
    const number = from + index;
    return `${number === line ? "--> " : "    "}${String(number).padStart(3)}  ${text}`;
  });
}
