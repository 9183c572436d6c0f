import { at } from "../../base";
import { type Explanation, type Ranking, type Refusal, ThumbnailsRefused } from "../../deployment";
import { ServiceAnswerInvalid, ServiceProblem, ServiceUnreachable } from "./errors";
import type { Channel, Competitor, Picture, Question, Ranker } from "./ranker";

/** An error as the service sends it (RFC 9457), as far as the page reads it. */
interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  next?: string;
  /** The pictures that cannot be ranked, by their places in the request. */
  refusals?: (Refusal & { index: number })[];
}

/** What the service says of pictures, before their names are put back. */
class PicturesRefused extends Error {
  constructor(readonly refusals: NonNullable<Problem["refusals"]>) {
    super("pictures were refused");
  }
}

interface CompetitorAnswer {
  videos: { title: string; channelTitle: string; durationSeconds: number | null; image: string }[];
}

/** Ranks by the service that the page came from. */
export class ServiceRanker implements Ranker {
  readonly kind = "service";
  #token = "";

  /** Sends this token from now on; it is kept in this tab's memory only. */
  useToken(token: string): void {
    this.#token = token;
  }

  async model(): Promise<{ name: string; version: number }> {
    const { models } = await this.#ask<{ models: { name: string; version: number; loaded: boolean }[] }>("v1/models");
    const used = models.find((one) => one.loaded);
    if (used === undefined) throw new ServiceAnswerInvalid(200);
    return used;
  }

  async channels(): Promise<Channel[]> {
    return (await this.#ask<{ channels: Channel[] }>("v1/channels")).channels;
  }

  async competitors(count: number): Promise<Competitor[]> {
    const { videos } = await this.#ask<CompetitorAnswer>(`v1/competitors?count=${count}`);
    return Promise.all(
      videos.map(async ({ image, ...video }) => {
        const answer = await this.#fetch(new URL(image, document.baseURI).pathname);
        return { ...video, url: URL.createObjectURL(await answer.blob()) };
      }),
    );
  }

  /** Names come back as the service shortened them, so pictures are told by their places. */
  async rank({ pictures, titles, channelId }: Question): Promise<Ranking> {
    const nameOf = (index: number) => at(pictures, index).name;
    try {
      const answer = await this.#ask<Ranking>("v1/rank", form(pictures, titles, channelId));
      const ranking = answer.ranking.map((row) => ({ ...row, image: nameOf(row.index) }));
      const grid = answer.grid && { grid: { ...answer.grid, images: pictures.map(({ name }) => name) } };
      return { ...answer, ranking, ...grid };
    } catch (thrown) {
      if (!(thrown instanceof PicturesRefused)) throw thrown;
      throw new ThumbnailsRefused(thrown.refusals.map(({ index, ...why }) => ({ ...why, image: nameOf(index) })));
    }
  }

  explain(picture: Picture, title: string, channelId: string | undefined): Promise<Explanation> {
    return this.#ask("v1/explain", form([picture], title === "" ? [] : [title], channelId));
  }

  async #ask<Answer>(path: string, body?: FormData): Promise<Answer> {
    const answer = await this.#fetch(path, body);
    return answer.json().catch(() => {
      throw new ServiceAnswerInvalid(answer.status);
    });
  }

  async #fetch(path: string, body?: FormData): Promise<Response> {
    const headers: Record<string, string> = this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` };
    const request = body === undefined ? { headers } : { headers, method: "POST", body };
    const answer = await fetch(path, request).catch((thrown) => {
      throw new ServiceUnreachable(thrown);
    });
    if (!answer.ok) throw await readProblem(answer);
    return answer;
  }
}

function form(pictures: readonly Picture[], titles: readonly string[], channelId: string | undefined): FormData {
  const data = new FormData();
  for (const title of titles) data.append("title", title);
  if (channelId !== undefined) data.append("channel", channelId);
  for (const { file, name } of pictures) data.append("images", file, name);
  return data;
}

async function readProblem(answer: Response): Promise<Error> {
  const problem: Problem | null = await answer.json().catch(() => null);
  if (problem?.code === undefined) return new ServiceAnswerInvalid(answer.status);
  if (problem.refusals !== undefined) return new PicturesRefused(problem.refusals);
  return new ServiceProblem(answer.status, problem.code, {
    what: problem.detail ?? problem.title ?? `HTTP ${answer.status}`,
    next: problem.next ?? "try again",
  });
}
