import { type Channel, channelOf } from "./channel";
import { channelIndexOf, videoPlaceOf } from "./ids";
import type { WorldOptions } from "./options";
import { type RealChannel, realChannels } from "./real";
import { uploadsOf, type Video, videoOf } from "./video";

/** Channels and videos, computed when asked for. Times are milliseconds since 1970. */
export class World {
  readonly #channels = new Map<number, Channel>();
  readonly #real: RealChannel[];
  readonly #realById: Map<string, RealChannel>;
  readonly #realVideos: Map<string, Video>;

  constructor(readonly options: WorldOptions) {
    this.#real = options.real ? realChannels(options.channels) : [];
    this.#realById = new Map(this.#real.map((real) => [real.channel.id, real]));
    this.#realVideos = new Map(this.#real.flatMap(({ videos }) => videos.map((video) => [video.id, video] as const)));
  }

  get channelCount(): number {
    return this.options.channels + this.#real.length;
  }

  /** @throws RangeError where there is no such channel */
  channelAt(index: number): Channel {
    if (index >= this.channelCount) throw new RangeError(`channel ${index} of ${this.channelCount}`);
    if (index >= this.options.channels) return (this.#real[index - this.options.channels] as RealChannel).channel;
    const known = this.#channels.get(index) ?? channelOf(this.options, index);
    this.#channels.set(index, known);
    return known;
  }

  channel(id: string): Channel | undefined {
    const real = this.#realById.get(id)?.channel;
    const index = real ? undefined : channelIndexOf(this.options.seed, id);
    return index !== undefined && index < this.options.channels ? this.channelAt(index) : real;
  }

  /** How many videos were uploaded by then, whatever became of them. */
  uploads(channel: Channel, at: number): number {
    const real = this.#realById.get(channel.id);
    return real
      ? real.videos.filter(({ publishedAt }) => publishedAt <= at).length
      : uploadsOf(this.options, channel, at);
  }

  /** The upload at a place of the list, newest first. */
  upload(channel: Channel, place: number, at: number): Video {
    const real = this.#realById.get(channel.id);
    const visible = real?.videos.filter(({ publishedAt }) => publishedAt <= at);
    if (visible) return visible[place] as Video;
    return videoOf(this.options, channel, uploadsOf(this.options, channel, at) - 1 - place, at);
  }

  /** The video of this id, whatever became of it; undefined where none was uploaded by then. */
  video(id: string, at: number): Video | undefined {
    const real = this.#realVideos.get(id);
    if (real) return real.publishedAt <= at ? real : undefined;
    const place = videoPlaceOf(this.options.seed, id);
    if (!place || place.channel >= this.options.channels) return undefined;
    const channel = this.channelAt(place.channel);
    return place.number < uploadsOf(this.options, channel, at)
      ? videoOf(this.options, channel, place.number, at)
      : undefined;
  }
}
