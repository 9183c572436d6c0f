import { button, element, find } from "./element";
import type { Picture } from "./ranker";

/** Most pictures of a ranking, as in the service. */
const MOST_PICTURES = 20;

/** Why a picture cannot be used. */
export interface RefusedPicture {
  code: string;
  reason: string;
}

/** The chosen thumbnails: picked, dropped or pasted. */
export class PictureList {
  #pictures: Picture[] = [];
  readonly #refused = new Map<Picture, RefusedPicture>();
  readonly #list = find("pictures", HTMLUListElement);
  readonly #input = find("files", HTMLInputElement);
  #pasted = 0;

  /** @param changed is called with what to tell the reader, such as "2 thumbnails added" */
  constructor(readonly changed: (message: string) => void) {
    this.#input.addEventListener("change", () => {
      this.#add([...(this.#input.files ?? [])]);
      // So that the same file can be chosen again after it was removed.
      this.#input.value = "";
    });
    document.addEventListener("paste", ({ clipboardData }) => this.#paste([...(clipboardData?.files ?? [])]));
    this.#acceptDrops();
  }

  /** Those that have not been refused. */
  usable(): Picture[] {
    return this.#pictures.filter((picture) => !this.#refused.has(picture));
  }

  /** Those that have been, with the reasons. */
  refused(): [Picture, RefusedPicture][] {
    return this.#pictures.flatMap((picture) => {
      const refusal = this.#refused.get(picture);
      return refusal === undefined ? [] : [[picture, refusal]];
    });
  }

  /** Marks a picture as unusable and shows why. */
  refuse(name: string, refusal: RefusedPicture): void {
    for (const picture of this.#pictures) if (picture.name === name) this.#refused.set(picture, refusal);
    this.#show();
  }

  #add(files: readonly File[]): void {
    if (files.length === 0) return;
    const taken = files.slice(0, MOST_PICTURES - this.#pictures.length);
    for (const file of taken)
      this.#pictures.push({ name: this.#freeName(file.name), file, url: URL.createObjectURL(file) });
    this.#show();
    const left = files.length - taken.length;
    const tooMany = left === 0 ? "" : ` ${left} left out: ${MOST_PICTURES} are the most.`;
    this.changed(`${taken.length === 1 ? "1 thumbnail" : `${taken.length} thumbnails`} added.${tooMany}`);
  }

  #freeName(name: string): string {
    const isTaken = (one: string) => this.#pictures.some((picture) => picture.name === one);
    if (!isTaken(name)) return name;
    let number = 2;
    while (isTaken(`${name} (${number})`)) number++;
    return `${name} (${number})`;
  }

  #remove(picture: Picture): void {
    const place = this.#pictures.indexOf(picture);
    this.#pictures = this.#pictures.filter((one) => one !== picture);
    this.#refused.delete(picture);
    this.#show();
    // The button that had the focus is gone: the next one takes it.
    const buttons = this.#list.querySelectorAll("button");
    (buttons[Math.min(place, buttons.length - 1)] ?? this.#input).focus();
    this.changed(`${picture.name} removed.`);
  }

  /** Browsers call every pasted picture image.png. */
  #paste(files: readonly File[]): void {
    this.#add(files.map((file) => new File([file], `pasted ${++this.#pasted}.png`, { type: file.type })));
  }

  #acceptDrops(): void {
    const dragging = (isOver: boolean) => document.body.classList.toggle("dragging", isOver);
    document.addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      dragging(true);
    });
    document.addEventListener("dragleave", ({ relatedTarget }) => {
      if (relatedTarget === null) dragging(false);
    });
    document.addEventListener("drop", (event) => {
      event.preventDefault();
      dragging(false);
      this.#add([...(event.dataTransfer?.files ?? [])]);
    });
  }

  #show(): void {
    this.#list.replaceChildren(...this.#pictures.map((picture) => this.#item(picture)));
  }

  #item(picture: Picture): HTMLLIElement {
    const refusal = this.#refused.get(picture);
    const shown = element("img", { class: "picture", src: picture.url, alt: "" });
    shown.addEventListener("error", () => shown.replaceWith(element("div", { class: "picture" })));
    const name = element("p", { class: "picture-name", title: picture.name, dir: "auto" }, picture.name);
    const remove = button("×", () => this.#remove(picture), { "aria-label": `Remove ${picture.name}` });
    if (refusal === undefined) return element("li", {}, shown, name, remove);
    const reason = element("p", { class: "refusal" }, `Cannot be used: ${refusal.reason}. (${refusal.code})`);
    return element("li", { class: "refused" }, shown, name, reason, remove);
  }
}
