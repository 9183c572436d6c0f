import { escapeHtml, rankedLabels } from "../../base";
import { COLOURS, htmlPage, scrollingTable } from "../../page";
import { decisionText, percentText } from "../decision";
import type { RankedImage, Ranking, RankingGrid } from "../rank";
import { CAUTIONS, subScoreText } from "./words";

/** Everything that the page shows. */
export interface RankingContent {
  ranking: Ranking;
  /** Data URIs in the ranking's order; null if a picture can no longer be read. */
  pictures: readonly (string | null)[];
}

const STYLE = `
ol.ranking { list-style: none; padding: 0; margin: 1rem 0; max-width: none; display: grid; gap: 1.25rem; }
ol.ranking > li { display: grid; grid-template-columns: minmax(0, 22rem) minmax(0, 1fr); gap: .75rem 1.25rem; margin: 0; padding: .9rem; border: 1px solid ${COLOURS.line}; border-radius: .5rem; }
ol.ranking > li:first-child { border: 2px solid ${COLOURS.model}; }
ol.ranking img { object-fit: contain; }
ol.ranking h3 { margin: 0 0 .25rem; overflow-wrap: anywhere; }
ol.ranking dl { display: grid; grid-template-columns: auto 1fr; gap: .15rem .9rem; margin: .5rem 0; font-variant-numeric: tabular-nums; }
ol.ranking dt { color: ${COLOURS.quiet}; } ol.ranking dd { margin: 0; }
.answer { font-size: 1.125rem; overflow-wrap: anywhere; }
.place { color: ${COLOURS.model}; }
@media (max-width: 40rem) { ol.ranking > li { grid-template-columns: minmax(0, 1fr); } }
`;

/** Renders a ranking as a page: the answer, the pictures in order, the win probabilities, and how to read them. */
export function rankingPage({ ranking, pictures }: RankingContent): string {
  const titles = [...new Set(ranking.ranking.map(({ title }) => title ?? ""))];
  const names = namesOf(ranking.ranking, titles.length > 1);
  const cards = ranking.ranking.map((ranked, place) => card(ranking, ranked, place, names, pictures[place] ?? null));
  const sections = [
    `<h1>Which thumbnail is likely to win?</h1>`,
    `<p class="answer">${decisionText(ranking, `<b>${names[0]}</b>`, names[1] ?? "")}</p><p class="quiet">${titlesText(titles)}</p>`,
    `<h2>The ranking</h2><ol class="ranking">${cards.join("\n")}</ol>`,
    ranking.grid === undefined ? "" : gridTable(ranking.grid),
    comparison(ranking, names),
    `<h2>How to read this</h2><p>${escapeHtml(ranking.note)}</p><ul>${CAUTIONS.map((item) => `<li>${item}</li>`).join("")}</ul>`,
    `<p class="quiet">Ranked by the model ${isolated(ranking.model)}.</p>`,
  ];
  return htmlPage({ title: "Thumbrank: ranking of thumbnails", style: STYLE, main: sections.join("\n") });
}

/** Names of the rows as HTML, with their titles if those differ. */
function namesOf(rows: readonly RankedImage[], withTitle: boolean): string[] {
  const labels = rankedLabels(rows).map(isolated);
  return rows.map(({ title }, place) =>
    withTitle ? `${labels[place]} with “${isolated(title ?? "")}”` : (labels[place] ?? ""),
  );
}

function titlesText(titles: readonly string[]): string {
  if (titles.length > 1) return `${titles.length} titles were given.`;
  const [title = ""] = titles;
  return title.trim() === "" ? "No title was given." : `Title of the video: <b>${isolated(title)}</b>`;
}

function gridTable({ titles, images, scores }: RankingGrid): string {
  const labels = rankedLabels(images.map((image, index) => ({ index, image })));
  const rows = scores.map(
    (row, index) =>
      `<tr><th scope="row">${isolated(labels[index] ?? "")}</th>${row.map((score) => `<td>${score.toFixed(3)}</td>`).join("")}</tr>`,
  );
  const table = scrollingTable("Score of each picture with each title", ["", ...titles.map(isolated)], rows);
  return `<h2>Every picture with every title</h2><p>Scores: the higher, the better.</p>${table}`;
}

/** Isolates text from outside, so that its writing direction does not affect the text around it. */
function isolated(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`;
}

function card(
  { ranking, winProbability }: Ranking,
  { image, score, percentile, subScores }: RankedImage,
  place: number,
  names: readonly string[],
  picture: string | null,
): string {
  const shown =
    picture === null
      ? '<div class="missing">picture can no longer be read</div>'
      : `<img src="${picture}" alt="${escapeHtml(`Thumbnail in place ${place + 1}: ${image}`)}">`;
  const next = winProbability[place]?.[place + 1];
  const facts = [
    ...(next === undefined ? [] : [["Beats the next", `${percentText(next)} probable`]]),
    ["Score", score.toFixed(3)],
    ["Percentile", percentile.toFixed(0)],
    ...Object.entries(subScores).map(([head, value]) => subScoreText(head, value)),
  ];
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join("");
  const heading = `<h3><span class="place">${place + 1} of ${ranking.length}</span> · ${names[place]}</h3>`;
  return `<li><figure>${shown}</figure><div>${heading}<dl>${list}</dl></div></li>`;
}

function comparison({ winProbability }: Ranking, names: readonly string[]): string {
  if (winProbability.length === 1) return "";
  const rows = winProbability.map((row, place) => {
    const cells = row.map((value, other) => `<td>${other === place ? "–" : percentText(value)}</td>`);
    return `<tr><th scope="row">${place + 1} · ${names[place]}</th>${cells.join("")}</tr>`;
  });
  const heads = winProbability.map((_, place) => `beats ${place + 1}`);
  const table = scrollingTable("Probability that one picture beats another", ["", ...heads], rows);
  return `<h2>Who beats whom</h2><p>How probable it is that the picture of the row gets more views per hour than that of the column, by place in the ranking. Near 50 % means that the model does not know.</p>${table}`;
}
