import type { Explanation, Ranking } from "../../deployment";

/** A thumbnail that somebody chose. */
export interface Picture {
  /** The file's name, with a number where it was taken. */
  name: string;
  file: File;
  /** A `blob:` address, to show it. */
  url: string;
}

/** What is to be ranked. */
export interface Question {
  pictures: readonly Picture[];
  /** Each is combined with every picture; empty for none. */
  titles: readonly string[];
  channelId: string | undefined;
}

/** A channel that the model has percentiles of. */
export interface Channel {
  channelId: string;
  title: string | null;
}

/** A video whose thumbnail stands beside one's own. */
export interface Competitor {
  title: string;
  channelTitle: string;
  durationSeconds: number | null;
  /** A `blob:` address. */
  url: string;
}

/** Tells how far a ranking is: pictures done, and how many there are. */
export type Progress = (done: number, total: number) => void;

/** What ranks: the service that the page came from, or the browser itself. Errors are ThumbrankErrors. */
export interface Ranker {
  readonly kind: "service" | "browser";
  /** Sends this token to the service from now on. */
  useToken(token: string): void;
  /** The name and version of the model. */
  model(): Promise<{ name: string; version: number }>;
  channels(): Promise<Channel[]>;
  competitors(count: number): Promise<Competitor[]>;
  /** @throws ThumbnailsRefused with the pictures that cannot be used */
  rank(question: Question, progress: Progress): Promise<Ranking>;
  explain(picture: Picture, title: string, channelId: string | undefined): Promise<Explanation>;
}
