import { escapeHtml, thumbnailLabels } from "../../base";
import { COLOURS, htmlPage, scrollingTable } from "../../page";
import type { RankedImage, Ranking } from "../rank";
import { CAUTIONS, percentText, subScoreText, verdict } from "./words";

/** Everything that the page shows. */
export interface RankingContent {
  ranking: Ranking;
  /** Data URIs in the ranking's order; null if a picture can no longer be read. */
  pictures: readonly (string | null)[];
  /** Empty if none was given. */
  title: string;
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
export function rankingPage({ ranking, pictures, title }: RankingContent): string {
  const names = thumbnailLabels(ranking.ranking.map(({ image }) => image)).map(isolated);
  const cards = ranking.ranking.map((ranked, place) => card(ranking, ranked, place, names, pictures[place] ?? null));
  const given = title === "" ? "No title was given." : `Title of the video: <b>${isolated(title)}</b>`;
  const sections = [
    `<h1>Which thumbnail is likely to win?</h1>`,
    `<p class="answer">${verdict(ranking.winProbability, names)}</p><p class="quiet">${given}</p>`,
    `<h2>The ranking</h2><ol class="ranking">${cards.join("\n")}</ol>`,
    comparison(ranking, names),
    `<h2>How to read this</h2><p>${escapeHtml(ranking.note)}</p><ul>${CAUTIONS.map((item) => `<li>${item}</li>`).join("")}</ul>`,
    `<p class="quiet">Ranked by the model ${isolated(ranking.model)}.</p>`,
  ];
  return htmlPage({ title: "Thumbrank: ranking of thumbnails", style: STYLE, main: sections.join("\n") });
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
