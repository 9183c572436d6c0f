import { at } from "../../base";
import { percentText, type Ranking } from "../../deployment";
import { element } from "./element";
import { bestRows } from "./words";

/** How probable it is that the picture of a row beats that of a column, each with its best title. */
export function matrix(ranking: Ranking): HTMLElement {
  const rows = bestRows(ranking);
  const about =
    "How probable it is that the thumbnail of the row gets more views per hour than that of the column, by place in the ranking.";
  const body = rows.map(({ row, place }, line) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", dir: "auto" }, `${line + 1} · ${row.image}`),
      ...rows.map((other, column) => {
        const probability = at(at(ranking.winProbability, place), other.place);
        return element("td", {}, column === line ? "–" : percentText(probability));
      }),
    ),
  );
  const heads = rows.map((_, column) => `beats ${column + 1}`);
  return element("div", {}, element("p", {}, about), table("Win probabilities", heads, body));
}

/** The percentile of every picture with every title. */
export function grid({ ranking, grid: all }: Ranking): HTMLElement | null {
  if (all === undefined) return null;
  const [best] = ranking;
  const body = all.images.map((image, line) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", dir: "auto" }, image),
      ...at(all.percentiles, line).map((percentile, column) => {
        const isBest = best?.index === line && best.titleIndex === column;
        return element(
          "td",
          { class: isBest ? "best" : "other" },
          `${percentile.toFixed(0)}${isBest ? " (best)" : ""}`,
        );
      }),
    ),
  );
  const about = "Percentiles of each combination: the share of known scores below it.";
  return element("div", {}, element("p", {}, about), table("Percentiles by thumbnail and title", all.titles, body));
}

/** Scrolls sideways on a narrow screen, also with the arrow keys. */
function table(name: string, heads: readonly string[], rows: HTMLTableRowElement[]): HTMLElement {
  const head = element(
    "tr",
    {},
    element("td"),
    ...heads.map((text) => element("th", { scope: "col", dir: "auto" }, text)),
  );
  const whole = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
  return element("div", { class: "scroll", role: "region", "aria-label": name, tabindex: 0 }, whole);
}
