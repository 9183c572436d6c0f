import { decisionText, percentText, type Ranking } from "../../deployment";
import { element, find, isolated } from "./element";
import type { RefusedPicture } from "./pictures";
import type { Picture } from "./ranker";
import { bestRows, rowName, withoutBreaks } from "./words";

/** Shows what to do, large, with how sure the model is. */
export function showAnswer(ranking: Ranking, refused: readonly [Picture, RefusedPicture][]): void {
  const [first, second] = ranking.ranking;
  if (first === undefined) return;
  const firstName = rowName(first, ranking);
  const secondName = rowName(second ?? first, ranking);
  const isSure = ranking.decision === "take the first";
  find("answer", HTMLElement).textContent = heading(ranking, firstName);
  find("sentence", HTMLElement).textContent = withoutBreaks(sentence(ranking, firstName, secondName));
  find("answer", HTMLElement).closest("section")?.classList.toggle("unsure", !isSure);
  find("duel", HTMLElement).replaceChildren(...(second === undefined ? [] : [duel(ranking, firstName, secondName)]));
  const leftOut = find("left-out", HTMLElement);
  leftOut.hidden = refused.length === 0;
  const reasons = refused.map(([{ name }, { reason, code }]) => `${name} (${reason}; ${code})`).join("; ");
  leftOut.textContent = `Left out of this ranking: ${reasons}.`;
}

function heading(ranking: Ranking, first: string): string {
  if (ranking.decision === "take the first") return `Take ${first}`;
  if (ranking.decision === "nothing to compare") return "Nothing to compare";
  return isAboutTitles(ranking) ? "The model cannot tell which title" : "The model cannot tell";
}

/** Whether the first two are the same picture. */
function isAboutTitles({ ranking: [first, second] }: Ranking): boolean {
  return first !== undefined && first.index === second?.index;
}

/** What the heading does not say: how probable it is, and how the picture fares where only its title is in doubt. */
function sentence(ranking: Ranking, first: string, second: string): string {
  const ahead = ranking.winProbability[0]?.[1] ?? 0.5;
  if (ranking.decision === "take the first") return `It beats ${second} with a probability of ${percentText(ahead)}.`;
  const doubt = decisionText(ranking, first, second);
  const [best, next] = bestRows(ranking);
  if (!isAboutTitles(ranking) || best === undefined || next === undefined) return doubt;
  const probability = percentText(ranking.winProbability[best.place]?.[next.place] ?? 0.5);
  const picture = `The picture beats ${isolated(next.row.image)}, the next one, with a probability of ${probability}.`;
  return `${doubt} ${picture}`;
}

/** The win probabilities of the first two as a bar; the sentence above says the same in words. */
function duel({ winProbability, threshold }: Ranking, first: string, second: string): HTMLElement {
  const exact = winProbability[0]?.[1] ?? 0.5;
  // Rounded down below the threshold, as in the sentence.
  const ahead = exact < threshold ? Math.floor(100 * exact) / 100 : exact;
  const share = element("span", { class: "duel-share" });
  share.style.width = `${100 * ahead}%`;
  const ends = [`${first} ${percentText(ahead)}`, `${percentText(1 - ahead)} ${second}`].map(withoutBreaks);
  return element(
    "div",
    { class: "duel", "aria-hidden": "true" },
    element("div", { class: "duel-bar" }, share),
    element("div", { class: "duel-ends" }, ...ends.map((end) => element("span", {}, end))),
  );
}
