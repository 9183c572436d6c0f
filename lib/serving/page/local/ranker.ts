import {
  CLIP_FILE,
  type Encoders,
  type Explanation,
  explain,
  type LoadedModel,
  PageEncoderMissing,
  type Ranking,
  rank,
} from "../../../deployment";
import { openDescriptor, openTitleHash, sameIdentity } from "../../../embedding";
import type { Channel, Competitor, Picture, Progress, Question, Ranker } from "../ranker";
import { openClipInBrowser } from "./clip";
import { decodeInBrowser } from "./decode";
import { downloadWithConsent } from "./download";
import { fetchModel } from "./model";

/**
 * Opens a ranker that needs no service: lib's own encoders and ranking, the browser's decoder, ONNX Runtime in wasm.
 * @param folder address of the model's folder
 * @throws PageModelUnusable, PageEncoderMissing
 */
export async function openBrowserRanker(folder: URL, version: number): Promise<Ranker> {
  const model = await fetchModel(folder, version);
  const { image, text } = model.card.encoders;
  const encoders = {
    image:
      image.model === "clip-vit-l-14"
        ? await openClipInBrowser(
            await downloadWithConsent(new URL(CLIP_FILE, folder), "the picture encoder CLIP"),
            image.preprocessing,
          )
        : openDescriptor(decodeInBrowser, { preprocessing: image.preprocessing }),
    text: openTitleHash(),
  };
  const missing = [image, text].filter((identity) => !sameIdentity(identity, encoders[identity.kind].identity));
  if (missing.length > 0) throw new PageEncoderMissing(missing.map((identity) => identity.model));
  return new BrowserRanker(model, encoders);
}

class BrowserRanker implements Ranker {
  readonly kind = "browser";

  constructor(
    readonly loaded: LoadedModel,
    readonly encoders: Encoders,
  ) {}

  /** There is nobody to send it to. */
  useToken(): void {}

  async model(): Promise<{ name: string; version: number }> {
    return { name: this.loaded.card.name, version: this.loaded.version };
  }

  async channels(): Promise<Channel[]> {
    return Object.keys(this.loaded.card.percentiles.channels).map((channelId) => ({ channelId, title: null }));
  }

  /** A page without a service has no store. */
  async competitors(): Promise<Competitor[]> {
    return [];
  }

  async rank({ pictures, titles, channelId }: Question, progress: Progress): Promise<Ranking> {
    const images = await Promise.all(pictures.map(readPicture));
    let done = 0;
    const decode = async (source: Parameters<typeof this.encoders.image.decode>[0]) => {
      const pixels = await this.encoders.image.decode(source);
      progress(++done, images.length);
      return pixels;
    };
    const encoders = { ...this.encoders, image: { ...this.encoders.image, decode } };
    return rank({ model: this.loaded, encoders, images, titles, ...(channelId !== undefined && { channelId }) });
  }

  async explain(picture: Picture, title: string, channelId: string | undefined): Promise<Explanation> {
    const image = await readPicture(picture);
    return explain({ model: this.loaded, encoders: this.encoders, picture: { ...image, title }, channelId });
  }
}

async function readPicture({ name, file }: Picture) {
  return { image: name, source: new Uint8Array(await file.arrayBuffer()) };
}
