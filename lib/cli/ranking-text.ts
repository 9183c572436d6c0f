import { escapeLine, rankedLabels, shortened, shortenedInMiddle } from "../base";
import type { Ranking, RankingGrid } from "../deployment";
import { type Cell, table } from "./table";

/** Length of a picture's name that leaves room for the numbers in 80 columns. */
const NAME_LENGTH = 36;
const TITLE_LENGTH = 76;
/** Most pictures for which a table of all pairwise probabilities fits into 80 columns. */
const MOST_COMPARED = 14;

/** Formats a ranking as tables of at most 80 columns: scores, sub-scores, probabilities, and what they mean. */
export function rankingText(ranking: Ranking): string {
  const { grid, note } = ranking;
  const grids = grid === undefined ? [] : [gridTable(grid)];
  return [scoreTable(ranking), ...grids, subScoreTable(ranking), comparison(ranking), note].join("\n\n");
}

function scoreTable({ ranking, winProbability, grid }: Ranking): string {
  const names = shortNames(rankedLabels(ranking));
  const scores = flushRight(ranking.map(({ score }) => score.toFixed(3)));
  const isAlone = ranking.length === 1;
  const rows = ranking.map(({ percentile, titleIndex }, place) => [
    place + 1,
    names[place] ?? "",
    ...(grid === undefined ? [] : [(titleIndex ?? 0) + 1]),
    scores[place] ?? "",
    Math.round(percentile),
    ...(isAlone ? [] : [percentCell(winProbability[place]?.[place + 1])]),
  ]);
  const title = grid === undefined ? [] : ["title"];
  return table(["", "image", ...title, "score", "percentile", ...(isAlone ? [] : ["beats the next"])], rows);
}

/** Scores of every picture with every title, and the titles by their numbers. */
function gridTable({ titles, images, scores }: RankingGrid): string {
  const names = shortNames(rankedLabels(images.map((image, index) => ({ index, image }))));
  const columns = titles.map((_, title) => flushRight(scores.map((row) => (row[title] ?? 0).toFixed(3))));
  const rows = names.map((name, picture) => [name, ...columns.map((cells) => cells[picture] ?? "")]);
  const numbers = titles.map((_, title) => String(title + 1));
  const legend = titles.map((title, place) => `${place + 1}: ${shortened(escapeLine(title), TITLE_LENGTH)}`);
  return ["Score of every picture with every title:", table(["", ...numbers], rows), ...legend].join("\n");
}

/** Labels shortened to fit into the table; longer if different ones would otherwise be equal. */
function shortNames(labels: readonly string[]): readonly string[] {
  const longest = Math.max(...labels.map((label) => label.length));
  for (let length = NAME_LENGTH; length < longest; length += NAME_LENGTH) {
    const names = labels.map((label) => shortenedInMiddle(label, length));
    if (new Set(names).size === new Set(labels).size) return names;
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
    return `Probabilities of each of the ${count} rows against each other are too many to print: see --html or --json.`;
  const rows = winProbability.map((row, place) => [
    place + 1,
    ...row.map((value, other) => (other === place ? "-" : percentCell(value))),
  ]);
  const headings = ["", ...winProbability.map((_, place) => String(place + 1))];
  return `Probability in percent that the row beats the column, by place in the ranking:\n${table(headings, rows)}`;
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
