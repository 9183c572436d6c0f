export type { Channel, Kind } from "./channel";
export {
  type ExpectedChannel,
  type ExpectedVideo,
  expectedChannels,
  expectedVideos,
  uploadsPlaylistOf,
} from "./expected";
export { GUIDE_WORLD, WorldOptions } from "./options";
export { hasReal } from "./real";
export { type ChannelQuery, searchChannels } from "./search";
export { appealOf, type Video } from "./video";
export { World } from "./world";
