import { shortenedInMiddle, thumbnailLabels } from "../base";
import type { Ranking } from "../deployment";
import { type Cell, table } from "./table";

/** Length of a picture's name that leaves room for the numbers in 80 columns. */
const NAME_LENGTH = 36;
/** Most pictures for which a table of all pairwise probabilities fits into 80 columns. */
const MOST_COMPARED = 14;

/** Formats a ranking as tables of at most 80 columns: scores, sub-scores, probabilities, and what they mean. */
export function rankingText(ranking: Ranking): string {
  return [scoreTable(ranking), subScoreTable(ranking), comparison(ranking), ranking.note].join("\n\n");
}

function scoreTable({ ranking, winProbability }: Ranking): string {
  const names = shortNames(ranking.map(({ image }) => image));
  const beatsNext = ranking.map((_, place) => percentCell(winProbability[place]?.[place + 1]));
  const scores = flushRight(ranking.map(({ score }) => score.toFixed(3)));
  const rows = ranking.map(({ percentile }, place) => [
    place + 1,
    names[place] ?? "",
    scores[place] ?? "",
    Math.round(percentile),
    beatsNext[place] ?? "-",
  ]);
  const headings = ["", "image", "score", "percentile", "beats the next"];
  if (ranking.length > 1) return table(headings, rows);
  return table(
    headings.slice(0, -1),
    rows.map((row) => row.slice(0, -1)),
  );
}

/** Names shortened to fit into the table; longer if they would otherwise be equal. */
function shortNames(images: readonly string[]): string[] {
  const labels = thumbnailLabels(images);
  const longest = Math.max(...labels.map((label) => label.length));
  for (let length = NAME_LENGTH; length < longest; length += NAME_LENGTH) {
    const names = labels.map((label) => shortenedInMiddle(label, length));
    if (new Set(names).size === names.length) return names;
  }
  return labels;
}

function subScoreTable({ ranking }: Ranking): string {
  const heads = Object.keys(ranking[0]?.subScores ?? {});
  const rows = ranking.map(({ subScores }, place) => [
    place + 1,
    ...Object.values(subScores).map((value) => value.toFixed(2)),
  ]);
  return `Sub-scores from 0 to 1, hints rather than measurements:\n${table(["", ...heads], rows)}`;
}

/** Formats the probability that each picture beats each other one; the numbers are places in the ranking. */
function comparison({ winProbability }: Ranking): string {
  const count = winProbability.length;
  if (count === 1) return "There is nothing to compare a single picture with: name two or more for probabilities.";
  if (count > MOST_COMPARED)
    return `Probabilities of each of the ${count} pictures against each other are too many to print: see --html or --json.`;
  const rows = winProbability.map((row, place) => [
    place + 1,
    ...row.map((value, other) => (other === place ? "-" : percentCell(value))),
  ]);
  const headings = ["", ...winProbability.map((_, place) => String(place + 1))];
  return `Probability in percent that the row's picture beats the column's, by place in the ranking:\n${table(headings, rows)}`;
}

/** Whole percent; never 0 or 100, since no model is that certain. */
function percentCell(probability: number | undefined): Cell {
  if (probability === undefined) return "-";
  if (probability < 0.005) return "<1";
  return probability > 0.995 ? ">99" : Math.round(100 * probability);
}

function flushRight(texts: readonly string[]): string[] {
  const width = Math.max(...texts.map((text) => text.length));
  return texts.map((text) => text.padStart(width));
}
