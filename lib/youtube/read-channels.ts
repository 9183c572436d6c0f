import { ChannelItem, Page } from "./answers";
import type { Call } from "./call";
import { IDS_PER_CALL } from "./read-videos";
import { idOf } from "./reading";

const FIELDS =
  "items(id,snippet(title,country,defaultLanguage),statistics(subscriberCount,hiddenSubscriberCount,videoCount),contentDetails/relatedPlaylists/uploads)";

/**
 * Reads up to 50 channels in one call of channels.list.
 * @returns the channels by id; null if details cannot be read, no entry if the channel is gone
 * @throws what a call throws
 */
export async function readChannels(call: Call, ids: readonly string[]): Promise<Map<string, ChannelItem | null>> {
  const { items } = await call({
    method: "channels.list",
    send: (api) =>
      api.channels.list({
        part: ["snippet,statistics,contentDetails"],
        id: [ids.join(",")],
        maxResults: IDS_PER_CALL,
        fields: FIELDS,
      }),
    answer: Page,
  });
  const read = items.map((item) => [idOf(item) ?? "", ChannelItem.safeParse(item).data ?? null] as const);
  return new Map(read);
}
