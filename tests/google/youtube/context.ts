import type { PageFault } from "../fault-names";
import type { Options } from "../options";
import type { Channel, Video, World } from "../world";

/** What a method needs to know of the stand-in. */
export interface Context {
  world: World;
  options: Options;
  /** The stand-in's time. */
  at: number;
  /** Scheme, host and port: where pictures are. */
  origin: string;
  /** The channel of whoever signed in. */
  owner?: Channel | undefined;
  /** What is wrong with the page that is asked for. */
  pageFault?: PageFault | undefined;
}

/** Whether a channel can be seen. */
export const isThere = ({ options }: Context, channel: Channel | undefined): channel is Channel =>
  channel !== undefined && channel.kind !== "gone" && !options.goneChannels.includes(channel.id);

/** Whether a video can be seen. */
export const isShown = (context: Context, video: Video | undefined): video is Video =>
  video?.state === "public" && !context.options.removed.includes(video.id) && isThere(context, video.channel);
