import { at } from "../../base";
import { type Explanation, percentText, type RankedImage, type Ranking, subScoreText } from "../../deployment";
import { button, element } from "./element";
import { describe, heatMap } from "./heat-map";
import type { Picture } from "./ranker";
import { bestRows, ordinal } from "./words";

/** Asks which regions move a thumbnail's score. */
export type AskWhy = (picture: Picture, title: string) => Promise<Explanation>;

/**
 * The pictures, best first, each with its best title.
 * @param askWhy explains a score; it shows its errors itself
 */
export function rankingItems(ranking: Ranking, pictures: readonly Picture[], askWhy: AskWhy): HTMLLIElement[] {
  const rows = bestRows(ranking);
  return rows.map(({ row, place }, line) => {
    const next = rows[line + 1];
    const beatsNext = next === undefined ? undefined : at(at(ranking.winProbability, place), next.place);
    const picture = at(pictures, row.index);
    return element(
      "li",
      {},
      shownPicture(picture, row, askWhy),
      element(
        "div",
        {},
        element("p", { class: "place" }, `${ordinal(line + 1)} of ${rows.length}`),
        element("h3", { dir: "auto" }, picture.name),
        ...(row.title === null ? [] : [element("p", { class: "own-title", dir: "auto" }, row.title)]),
        facts(row, beatsNext),
        subScores(row),
      ),
    );
  });
}

function facts({ percentile, score }: RankedImage, beatsNext: number | undefined): HTMLElement {
  const pairs: [string, string][] = [
    ["Percentile", percentile.toFixed(0)],
    ...(beatsNext === undefined ? [] : [["Beats the next", percentText(beatsNext)] satisfies [string, string]]),
    ["Score", score.toFixed(3)],
  ];
  const items = pairs.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value)));
  return element("dl", { class: "facts" }, ...items);
}

function subScores(row: RankedImage): HTMLElement {
  const items = Object.entries(row.subScores).map(([head, value]) => {
    const [name, words] = subScoreText(head, value);
    const filled = element("span");
    filled.style.width = `${100 * value}%`;
    const meter = element("dd", { class: "meter", "aria-hidden": "true" }, filled);
    return element("div", {}, element("dt", {}, name), element("dd", {}, words), meter);
  });
  return element("dl", { class: "subs" }, ...items);
}

/** The picture, with a switch for the heat map, which is computed when it is first asked for. */
function shownPicture(picture: Picture, { title, image }: RankedImage, askWhy: AskWhy): HTMLElement {
  const shown = element("div", { class: "shown" }, element("img", { class: "picture", src: picture.url, alt: "" }));
  const said = element("div", { role: "status" });
  let overlay: HTMLCanvasElement | null = null;
  const show = (explanation: Explanation) => {
    overlay = heatMap(explanation);
    shown.append(overlay);
    said.replaceChildren(...legend(explanation));
  };
  const toggle = button(
    "What moved the score?",
    () => {
      const isShown = toggle.getAttribute("aria-pressed") !== "true";
      toggle.setAttribute("aria-pressed", String(isShown));
      if (overlay !== null) {
        overlay.hidden = !isShown;
        said.hidden = !isShown;
        return;
      }
      toggle.disabled = true;
      said.replaceChildren(element("p", {}, "Covering one region after the other …"));
      askWhy(picture, title ?? "")
        .then(show, () => {
          toggle.setAttribute("aria-pressed", "false");
          said.replaceChildren();
        })
        .finally(() => {
          toggle.disabled = false;
          toggle.focus();
        });
    },
    { class: "plain", "aria-pressed": "false", "aria-label": `What moved the score of ${image}?` },
  );
  return element("div", {}, shown, element("div", { class: "heat" }, toggle, said));
}

function legend({ moved }: Explanation): HTMLElement[] {
  const most = Math.max(...moved.flat().map(Math.abs));
  const colours = element(
    "p",
    {},
    element("span", { class: "swatch helps" }),
    "raises the score ",
    element("span", { class: "swatch hurts" }),
    `lowers it; covering one region changes it by at most ${most.toPrecision(2)}.`,
  );
  return [colours, element("p", {}, describe(moved))];
}
