import { decisionText, percentText, type Ranking } from "../../deployment";
import { element, find } from "./element";
import type { RefusedPicture } from "./pictures";
import type { Picture } from "./ranker";
import { rowName } from "./words";

/** Shows what to do, large, with how sure the model is. */
export function showAnswer(ranking: Ranking, refused: readonly [Picture, RefusedPicture][]): void {
  const [first, second] = ranking.ranking;
  if (first === undefined) return;
  const names = [first, second ?? first].map((row) => rowName(row, ranking));
  const [firstName = "", secondName = ""] = names;
  const isSure = ranking.decision === "take the first";
  find("answer", HTMLElement).textContent = isSure ? `Take ${firstName}` : HEADINGS[ranking.decision];
  find("sentence", HTMLElement).textContent = sentence(ranking, firstName, secondName);
  find("answer", HTMLElement).closest("section")?.classList.toggle("unsure", !isSure);
  find("duel", HTMLElement).replaceChildren(...(second === undefined ? [] : [duel(ranking, firstName, secondName)]));
  const leftOut = find("left-out", HTMLElement);
  leftOut.hidden = refused.length === 0;
  const reasons = refused.map(([{ name }, { reason, code }]) => `${name} (${reason}; ${code})`).join("; ");
  leftOut.textContent = `Left out of this ranking: ${reasons}.`;
}

const HEADINGS = {
  "take the first": "",
  "cannot tell": "The model cannot tell",
  "nothing to compare": "Nothing to compare",
};

/** The heading says already whether to take the first. */
function sentence(ranking: Ranking, first: string, second: string): string {
  if (ranking.decision !== "take the first") return decisionText(ranking, first, second);
  const ahead = ranking.winProbability[0]?.[1] ?? 0.5;
  return `It beats ${second} with a probability of ${percentText(ahead)}.`;
}

/** The win probabilities of the first two as a bar; the sentence above says the same in words. */
function duel({ winProbability }: Ranking, first: string, second: string): HTMLElement {
  const ahead = winProbability[0]?.[1] ?? 0.5;
  const share = element("span", { class: "duel-share" });
  share.style.width = `${100 * ahead}%`;
  const ends = [`${first} ${percentText(ahead)}`, `${percentText(1 - ahead)} ${second}`];
  return element(
    "div",
    { class: "duel", "aria-hidden": "true" },
    element("div", { class: "duel-bar" }, share),
    element("div", { class: "duel-ends" }, ...ends.map((end) => element("span", {}, end))),
  );
}
