import { type Ranking, ThumbnailsRefused } from "../../deployment";
import { showAnswer } from "./answer";
import { element, find } from "./element";
import { PictureList } from "./pictures";
import { PlacesView } from "./places";
import { showProblem } from "./problem";
import type { Competitor, Picture, Question, Ranker } from "./ranker";
import { rankingItems } from "./ranking-list";
import { download, rankingCsv, rankingPng } from "./save";
import { grid, matrix } from "./tables";
import { TitleList } from "./titles";

const FEWEST_PICTURES = 2;
/** Competitors that are asked for: two rows and more of a home feed. */
const COMPETITORS = 12;

/** The page as a whole: what is asked, who ranks, and what is shown. */
export class RankingPage {
  readonly #pictures = new PictureList((message) => this.#questionChanged(message));
  readonly #titles = new TitleList(() => this.#questionChanged(""));
  readonly #channel = find("channel", HTMLSelectElement);
  readonly #status = find("status", HTMLElement);
  readonly #result = find("result", HTMLElement);
  #competitors: readonly Competitor[] = [];
  #places: PlacesView | null = null;
  #shown: { ranking: Ranking; question: Question } | null = null;

  constructor(readonly ranker: Ranker) {
    this.#channel.addEventListener("change", () => this.#questionChanged(""));
    find("form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#try(() => this.#rank());
    });
    find("save-csv", HTMLButtonElement).addEventListener("click", () => this.#try(() => this.#saveCsv()));
    find("save-png", HTMLButtonElement).addEventListener("click", () => this.#try(() => this.#savePng()));
    find("privacy", HTMLElement).textContent =
      ranker.kind === "browser"
        ? "They never leave this device: this page ranks them itself."
        : "They go to the service of this page and nowhere else.";
    find("rank", HTMLButtonElement).disabled = false;
    this.#try(() => this.#start());
  }

  async #start(): Promise<void> {
    const { name, version } = await this.ranker.model();
    find("model", HTMLElement).textContent = `Model ${name}${version === 0 ? "" : `, version ${version}`}`;
    const channels = await this.ranker.channels();
    find("channel-field", HTMLElement).hidden = channels.length === 0;
    const options = channels.map(({ channelId, title }) =>
      element("option", { value: channelId }, title === null ? channelId : `${title} (${channelId})`),
    );
    this.#channel.replaceChildren(element("option", { value: "" }, "Another channel, or none"), ...options);
    this.#competitors = await this.ranker.competitors(COMPETITORS);
    this.#places?.showAmong(this.#competitors);
  }

  /** Runs a task of the page and shows the error that ends it. */
  #try(task: () => Promise<void>): void {
    showProblem(null);
    task().catch((thrown: unknown) => {
      this.#status.textContent = "";
      showProblem(thrown, (token) => {
        this.ranker.useToken(token);
        this.#try(task);
      });
    });
  }

  #questionChanged(message: string): void {
    this.#status.textContent = message;
    find("stale", HTMLElement).hidden = this.#shown === null;
  }

  async #rank(): Promise<void> {
    const start = find("rank", HTMLButtonElement);
    const bar = find("progress", HTMLProgressElement);
    if (start.disabled) return;
    start.disabled = true;
    bar.hidden = false;
    try {
      await this.#rankUsable(bar);
    } finally {
      start.disabled = false;
      bar.hidden = true;
    }
  }

  /** Ranks again without the pictures that turn out to be unusable, as long as there are two. */
  async #rankUsable(bar: HTMLProgressElement): Promise<void> {
    for (;;) {
      const pictures = this.#pictures.usable();
      if (pictures.length < FEWEST_PICTURES) {
        const isBad = this.#pictures.refused().length > 0;
        this.#status.textContent = `Add ${isBad ? "usable thumbnails until there are two" : "at least two thumbnails"} to compare.`;
        return;
      }
      this.#status.textContent = `Ranking ${pictures.length} thumbnails …`;
      bar.removeAttribute("value");
      const channelId = this.#channel.value === "" ? undefined : this.#channel.value;
      const question = { pictures, titles: this.#titles.typed(), channelId };
      try {
        this.#show(await this.ranker.rank(question, (done, total) => this.#showProgress(bar, done, total)), question);
        return;
      } catch (thrown) {
        if (!(thrown instanceof ThumbnailsRefused) || !this.#refuse(thrown, pictures)) throw thrown;
      }
    }
  }

  #showProgress(bar: HTMLProgressElement, done: number, total: number): void {
    bar.max = total;
    bar.value = done;
  }

  /** Marks the pictures that an error names. @returns whether there was one */
  #refuse({ refusals }: ThumbnailsRefused, pictures: readonly Picture[]): boolean {
    const named = refusals.filter(({ image }) => pictures.some(({ name }) => name === image));
    for (const { image, code, reason } of named) this.#pictures.refuse(image, { code, reason });
    return named.length > 0;
  }

  #show(ranking: Ranking, question: Question): void {
    this.#shown = { ranking, question };
    const { pictures, channelId } = question;
    this.#result.hidden = false;
    find("stale", HTMLElement).hidden = true;
    showAnswer(ranking, this.#pictures.refused());
    const askWhy = (picture: Picture, title: string) =>
      this.ranker.explain(picture, title, channelId).catch((thrown: unknown) => {
        showProblem(thrown);
        throw thrown;
      });
    find("ranking", HTMLElement).replaceChildren(...rankingItems(ranking, pictures, askWhy));
    this.#places = new PlacesView(ranking, pictures);
    this.#places.showAmong(this.#competitors);
    find("places", HTMLElement).replaceChildren(this.#places.element);
    const all = grid(ranking);
    find("grid-section", HTMLElement).hidden = all === null;
    find("grid", HTMLElement).replaceChildren(...(all === null ? [] : [all]));
    find("matrix", HTMLElement).replaceChildren(matrix(ranking));
    find("note", HTMLElement).textContent = ranking.note;
    this.#showDifferences();
    this.#status.textContent = "Ranked.";
    this.#result.focus({ preventScroll: true });
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    find("answer", HTMLElement).scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" });
  }

  #showDifferences(): void {
    const text = find("differences", HTMLElement);
    text.hidden = this.ranker.kind === "service";
    text.textContent = DIFFERENCES;
  }

  async #saveCsv(): Promise<void> {
    if (this.#shown === null) return;
    // Spreadsheets take a file for UTF-8 only if it begins with this mark.
    const text = `\ufeff${rankingCsv(this.#shown.ranking)}`;
    download("thumbnails.csv", new Blob([text], { type: "text/csv;charset=utf-8" }));
  }

  async #savePng(): Promise<void> {
    if (this.#shown === null) return;
    download("thumbnails.png", await rankingPng(this.#shown.ranking, this.#shown.question.pictures));
  }
}

const DIFFERENCES =
  "Ranked by this browser alone, with the service’s encoders and model. Only the picture decoder is the browser’s: scores agree to a thousandth, except for pictures with transparent parts, CMYK colours, or a rotation noted in a PNG or WebP file.";
