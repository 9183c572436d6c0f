import { at, writeCsv } from "../../base";
import { percentText, type Ranking } from "../../deployment";
import { element, find } from "./element";
import type { Picture } from "./ranker";
import { bestRows } from "./words";

/** A ranking as a table, one row for each thumbnail and title, best first. */
export function rankingCsv({ ranking, winProbability, model, version, decision }: Ranking): string {
  const [first] = ranking;
  const heads = ["place", "thumbnail", "title", "score", "percentile", "beats_next"];
  const subScores = Object.keys(first?.subScores ?? {});
  const rows = ranking.map(({ image, title, score, percentile, subScores: own }, place) => {
    const beatsNext = winProbability[place]?.[place + 1] ?? "";
    const values = [place + 1, image, title ?? "", score, percentile, beatsNext, ...Object.values(own)];
    return [...values, `${model}@${version}`, decision];
  });
  return writeCsv([[...heads, ...subScores, "model", "decision"], ...rows]);
}

const WIDTH = 1200;
const MARGIN = 48;
const ROW_HEIGHT = 180;
const THUMB_WIDTH = 256;
const LINE_HEIGHT = 30;
/** Of the heading, and of what is above the first line below it. */
const HEAD_HEIGHT = 128;

/** Draws a ranking as a picture to send to somebody: the answer, and the thumbnails in order. */
export async function rankingPng(ranking: Ranking, pictures: readonly Picture[]): Promise<Blob> {
  const rows = bestRows(ranking);
  const canvas = element("canvas", { width: WIDTH });
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser cannot draw pictures");
  const paper = getComputedStyle(document.body);
  context.font = `22px ${paper.fontFamily}`;
  const sentence = wrapped(context, find("sentence", HTMLElement).textContent, WIDTH - 2 * MARGIN);
  const headHeight = HEAD_HEIGHT + sentence.length * LINE_HEIGHT + 12;
  // Setting the height clears the canvas and its font.
  canvas.height = headHeight + rows.length * ROW_HEIGHT + MARGIN;
  context.fillStyle = paper.backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const write = (text: string, x: number, y: number, size: number, weight = 400) => {
    context.fillStyle = paper.color;
    context.font = `${weight} ${size}px ${paper.fontFamily}`;
    context.fillText(text, x, y, WIDTH - MARGIN - x);
  };
  write(find("answer", HTMLElement).textContent, MARGIN, 84, 44, 700);
  for (const [line, text] of sentence.entries()) write(text, MARGIN, HEAD_HEIGHT + line * LINE_HEIGHT, 22);
  for (const [line, { row, place }] of rows.entries()) {
    const top = headHeight + line * ROW_HEIGHT;
    const bitmap = await createImageBitmap(at(pictures, row.index).file);
    context.drawImage(bitmap, MARGIN, top, THUMB_WIDTH, (THUMB_WIDTH * 9) / 16);
    bitmap.close();
    const left = MARGIN + THUMB_WIDTH + 32;
    const next = rows[line + 1];
    const beatsNext = next === undefined ? undefined : ranking.winProbability[place]?.[next.place];
    const ahead = beatsNext === undefined ? "" : ` · beats the next with ${percentText(beatsNext)}`;
    write(`${line + 1} · ${row.image}`, left, top + 40, 26, 600);
    if (row.title !== null) write(row.title, left, top + 76, 20);
    write(`Percentile ${row.percentile.toFixed(0)}${ahead}`, left, top + 112, 20);
  }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error("this browser cannot write PNG")) : resolve(blob)));
  });
}

/** Breaks a text into lines of a width. */
function wrapped(context: CanvasRenderingContext2D, text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && context.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Hands a file to the reader. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  element("a", { href: url, download: name }).click();
  // The browser reads it after this call.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
