import { at, permutation, random } from "../../base";
import type { Ranking } from "../../deployment";
import { button, checkBox, element, segments } from "./element";
import type { Competitor, Picture } from "./ranker";
import { currentTheme, type Theme } from "./theme";
import { bestRows } from "./words";

/** The width in pixels at which thumbnails are shown to viewers, by place. */
const WIDTHS = { home: 320, search: 240, suggested: 246, phone: 168 };
type Place = keyof typeof WIDTHS;

/** Fewest videos in a place: one's own, others', and empty frames where those are too few. */
const LENGTHS = { home: 12, search: 8, suggested: 8, phone: 8 };

interface Video {
  url: string | null;
  title: string;
  channel: string;
  stamp: string;
  isOwn: boolean;
}

/** A ranking's thumbnails where viewers will see them, among those of others. */
export class PlacesView {
  readonly element: HTMLElement;
  readonly #site = element("div", { class: "site scheme", tabindex: 0, role: "region", "aria-label": "Preview" });
  readonly #feed = element("ul", { class: "feed" });
  #place: Place = "home";
  /** The picture that is shown alone, by its place in the ranking; all if undefined. */
  #only: number | undefined;
  #duration = "10:24";
  #shuffles = 0;
  #competitors: readonly Competitor[] = [];

  constructor(
    readonly ranking: Ranking,
    readonly pictures: readonly Picture[],
  ) {
    this.#site.append(this.#feed);
    this.#site.dataset.theme = currentTheme();
    this.element = element("div", {}, this.#tools(), this.#site);
    this.#show();
  }

  /** Shows these among one's own. */
  showAmong(competitors: readonly Competitor[]): void {
    this.#competitors = competitors;
    this.#show();
  }

  #tools(): HTMLElement {
    const labels = { home: "Home feed", search: "Search", suggested: "Suggested", phone: "Phone" };
    const places = segments<Place>("Place", labels, this.#place, (place) => {
      this.#place = place;
      this.#show();
    });
    const schemes = { light: "Light", dark: "Dark" };
    const scheme = segments<Theme>("Background", schemes, currentTheme(), (value) => {
      this.#site.dataset.theme = value;
    });
    const blur = checkBox("Blur", (isBlurred) => this.#site.classList.toggle("blurred", isBlurred));
    const shuffle = button(
      "Shuffle",
      () => {
        this.#shuffles++;
        this.#show();
      },
      { class: "plain" },
    );
    return element("div", { class: "tools" }, places, scheme, this.#choice(), this.#stamp(), blur, shuffle);
  }

  #choice(): HTMLElement {
    const rows = bestRows(this.ranking);
    const options = rows.map(({ row }, line) => element("option", { value: line }, row.image));
    const select = element("select", {}, element("option", { value: "" }, "All of mine"), ...options);
    select.addEventListener("change", () => {
      this.#only = select.value === "" ? undefined : Number(select.value);
      this.#show();
    });
    return element("label", { class: "field" }, "Show", select);
  }

  #stamp(): HTMLElement {
    const input = element("input", { type: "text", value: this.#duration, maxlength: 8, inputmode: "numeric" });
    input.addEventListener("input", () => {
      this.#duration = input.value;
      this.#show();
    });
    return element("label", { class: "field" }, "Duration", input);
  }

  #show(): void {
    this.#feed.className = `feed ${this.#place}`;
    this.#feed.style.setProperty("--thumb-width", `${WIDTHS[this.#place]}px`);
    this.#feed.replaceChildren(...this.#videos().map(videoItem));
  }

  /** One's own and the others', in an order that each shuffle changes. */
  #videos(): Video[] {
    const own = bestRows(this.ranking)
      .filter((_, line) => this.#only === undefined || this.#only === line)
      .map(({ row }) => ({
        url: at(this.pictures, row.index).url,
        title: row.title ?? "Your title",
        channel: "Your channel",
        stamp: this.#duration,
        isOwn: true,
      }));
    const length = LENGTHS[this.#place];
    const shown = this.#competitors.slice(0, Math.max(0, length - own.length));
    const others = shown.map(({ url, title, channelTitle, durationSeconds }) => ({
      url,
      title,
      channel: channelTitle,
      stamp: durationSeconds === null ? "" : clock(durationSeconds),
      isOwn: false,
    }));
    const missing = Math.max(0, length - own.length - others.length);
    const empty = { url: null, title: "", channel: "", stamp: "", isOwn: false };
    const all: Video[] = [...own, ...others, ...Array.from({ length: missing }, () => empty)];
    return [...permutation(all.length, random("shuffle", this.#shuffles))].map((place) => at(all, place));
  }
}

function videoItem({ url, title, channel, stamp, isOwn }: Video): HTMLLIElement {
  const duration = stamp === "" ? [] : [element("span", { class: "stamp" }, stamp)];
  if (url === null) {
    const words = element("div", { class: "words" }, element("span"), element("span"));
    return element("li", { class: "video empty", "aria-hidden": "true" }, element("div", { class: "thumb" }), words);
  }
  const thumb = element("div", { class: "thumb" }, element("img", { class: "fitted", src: url, alt: "" }), ...duration);
  const words = element(
    "div",
    { class: "words" },
    element("p", { class: "video-title", dir: "auto" }, title),
    element("p", { dir: "auto" }, channel),
  );
  return element("li", { class: isOwn ? "video own" : "video" }, thumb, words);
}

/** Seconds as the stamp on a thumbnail shows them, such as 1:02:07. */
function clock(seconds: number): string {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, place) => (place === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}
