import { element, find } from "./element";

/** Most titles of a ranking, as in the service, and their longest length. */
const MOST_TITLES = 5;
const LONGEST_TITLE = 500;

/** The titles that are to be combined with every thumbnail. */
export class TitleList {
  readonly #list = find("titles", HTMLDivElement);
  readonly #more = find("more-titles", HTMLButtonElement);

  constructor(readonly changed: () => void) {
    this.#more.addEventListener("click", () => this.#add().focus());
    this.#add();
  }

  /** Those that were typed, each once. */
  typed(): string[] {
    const typed = [...this.#list.querySelectorAll("input")].map(({ value }) => value.trim());
    return [...new Set(typed)].filter((title) => title !== "");
  }

  #add(): HTMLInputElement {
    const number = this.#list.childElementCount + 1;
    const input = element("input", {
      type: "text",
      maxlength: LONGEST_TITLE,
      dir: "auto",
      autocomplete: "off",
      "aria-label": `Title ${number}`,
      placeholder: number === 1 ? "The video’s title" : "Another title to compare",
    });
    input.addEventListener("input", () => this.changed());
    this.#list.append(input);
    this.#more.hidden = number === MOST_TITLES;
    return input;
  }
}
