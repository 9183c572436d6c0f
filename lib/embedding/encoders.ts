import { basename, resolve } from "node:path";
import type { EncoderIdentity } from "../store";
import type { ImageEncoder, TextEncoder } from "./encoder";
import { EncoderUnknown } from "./errors";
import { type Geometry, geometryOf, SQUARE_GEOMETRIES } from "./geometry";
import type { EncoderOptions } from "./hub/source";

export { GEOMETRIES } from "./geometry";

interface Row<Kind extends EncoderIdentity["kind"], Opened> {
  kind: Kind;
  /** The value of `--image` or `--text`, and the `model` of its identity. */
  name: string;
  dimensions: number;
  /** What its vectors distinguish, and what they do not. */
  sees: string;
  overlooks: string;
  /** Whether its files come from the hub or from `--model-dir`. */
  isDownloaded: boolean;
  /** Preprocessing of earlier versions, which `open` still supports for models trained on their vectors. */
  earlier: readonly string[];
  /** Imports the encoder's file late, since it may load a large library. */
  open(options: EncoderOptions): Promise<Opened>;
}

interface ImageRow extends Row<"image", ImageEncoder> {
  /** How it can take in pictures, its own way first. */
  geometries: readonly Geometry[];
  /**
   * What threads perform (`pool/task.ts` opens it there): the whole encoder, or only its decoding if its library has
   * threads of its own. Without it, pictures are embedded on the main thread.
   */
  inThreads?: "encode" | "decode";
}

type EncoderRow = ImageRow | Row<"text", TextEncoder>;

/**
 * All encoders. Flags, `--help`, messages, docs and opening follow from this table: a new encoder only needs a new row.
 */
export const ENCODERS: readonly EncoderRow[] = [
  {
    kind: "image",
    name: "descriptor",
    dimensions: 768,
    sees: "light, colour, contrast, sharpness, edges, and where they are",
    overlooks: "any content: no face, no object, no word",
    isDownloaded: false,
    geometries: ["full", ...SQUARE_GEOMETRIES],
    earlier: ["no-black-bars, bilinear 320x180"],
    open: async ({ preprocessing, geometry }) => {
      const { decodeThumbnail } = await import("../thumbnails");
      return (await import("./descriptor/encoder")).openDescriptor(decodeThumbnail, { preprocessing, geometry });
    },
    inThreads: "encode",
  },
  {
    kind: "image",
    name: "clip-vit-l-14",
    dimensions: 768,
    sees: "objects, faces, scenes, style, words in the picture",
    overlooks: "very small text, who is famous",
    isDownloaded: true,
    geometries: SQUARE_GEOMETRIES,
    earlier: ["no-black-bars, pillow-bicubic 224, centre crop, clip mean and deviation"],
    open: async (options) => (await import("./clip/encoder")).openClip(options),
    inThreads: "decode",
  },
  {
    kind: "text",
    name: "title-hash",
    dimensions: 384,
    sees: "letters and words as they stand, length, digits, capitals, ?, !",
    overlooks: "any meaning",
    isDownloaded: false,
    earlier: [],
    open: async () => (await import("./title-hash/encoder")).openTitleHash(),
  },
  {
    kind: "text",
    name: "minilm",
    dimensions: 384,
    sees: 'what a title means: "beginners" is near "novices"',
    overlooks: "spelling tricks, capitals",
    isDownloaded: true,
    earlier: [],
    open: async (options) => (await import("./minilm/encoder")).openMiniLm(options),
  },
];

/** Names of the encoders of pictures or of titles. */
export function encoderNames(kind: EncoderIdentity["kind"]): string[] {
  return ENCODERS.filter((row) => row.kind === kind).map(({ name }) => name);
}

/**
 * Opens a picture encoder by its name, or by the folder of a CLIP vision tower: a path with a slash or, for vectors made
 * by one, its name in `options.modelDir`.
 * @throws EncoderUnknown, VisionFolderUnusable, GeometryUnsupported; for encoders that are not built in also
 * ModelFolderIncomplete, HubUnreachable, ModelUnusable
 */
export async function openImageEncoder(name: string, options: EncoderOptions = {}): Promise<ImageEncoder> {
  const row = findImageRow(name);
  if (row !== undefined) return row.open(options);
  const { findVisionFolder, openVisionEncoder } = await import("./vision/encoder");
  const { modelDir, preprocessing, geometry } = options;
  if (name.includes("/")) return openVisionEncoder(name, { model: nameModel("image", name), preprocessing, geometry });
  const folder = modelDir === undefined ? undefined : findVisionFolder(modelDir, [name]);
  if (folder !== undefined) return openVisionEncoder(folder, { model: name, preprocessing, geometry });
  throw new EncoderUnknown("image", name, encoderNames("image"));
}

/** The row of a picture encoder; undefined for one that is not in the table. */
export function findImageRow(name: string): ImageRow | undefined {
  return ENCODERS.find((row): row is ImageRow => row.kind === "image" && row.name === name);
}

/**
 * Opens a title encoder by its name, or by the folder of a sentence encoder: a path with a slash or, for vectors made
 * by one, its name in `options.modelDir`.
 * @throws EncoderUnknown, SentenceEncoderUnusable; for encoders that are not built in also ModelFolderIncomplete,
 * HubUnreachable, ModelUnusable, MiniLmUnavailable
 */
export async function openTextEncoder(name: string, options: EncoderOptions = {}): Promise<TextEncoder> {
  for (const row of ENCODERS) if (row.kind === "text" && row.name === name) return row.open(options);
  const { findSentenceEncoder, openSentenceEncoder } = await import("./sentence/encoder");
  if (name.includes("/")) return openSentenceEncoder(name, nameModel("text", name));
  const folder = options.modelDir === undefined ? undefined : findSentenceEncoder(options.modelDir, [name]);
  if (folder !== undefined) return openSentenceEncoder(folder, name);
  throw new EncoderUnknown("text", name, encoderNames("text"));
}

/** The model name of a folder's encoder: the folder's own name, as far as file names allow. */
export function nameModel(kind: EncoderIdentity["kind"], folder: string): string {
  const name =
    basename(resolve(folder))
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "") || "folder";
  return encoderNames(kind).includes(name) ? `${name}-folder` : name;
}

/** The model in the identity of an encoder that is named as flags name it: by its name, or by its folder. */
export function modelOf(kind: EncoderIdentity["kind"], named: string): string {
  return named.includes("/") ? nameModel(kind, named) : named;
}

/** Whether vectors were made by an earlier version of their encoder. Models trained on them can still rank. */
export function isSuperseded({ kind, model, preprocessing }: EncoderIdentity): boolean {
  return ENCODERS.some((row) => row.kind === kind && row.name === model && row.earlier.includes(preprocessing));
}

/** Drops superseded identities, unless the same encoder has no other in the same geometry. */
export function withoutSuperseded(identities: readonly EncoderIdentity[]): EncoderIdentity[] {
  const current = identities.filter((one) => !isSuperseded(one));
  return identities.filter((one) => !isSuperseded(one) || !current.some((other) => isSameEncoder(one, other)));
}

/** Whether two identities differ at most in their versions. */
export function isSameEncoder(one: EncoderIdentity, other: EncoderIdentity): boolean {
  return one.kind === other.kind && one.model === other.model && sameGeometry(one, other);
}

function sameGeometry(one: EncoderIdentity, other: EncoderIdentity): boolean {
  return one.kind === "text" || geometryOf(one.preprocessing) === geometryOf(other.preprocessing);
}

/**
 * Flags of `thumbrank embed` for an encoder, such as `--image descriptor --geometry crop`; FOLDER stands for where its
 * folder lies.
 */
export function embedFlags({ kind, model, preprocessing }: EncoderIdentity): string {
  const row = ENCODERS.find((one) => one.kind === kind && one.name === model);
  const name = `--${kind} ${row === undefined ? `FOLDER/${model}` : model}`;
  if (kind === "text") return name;
  const geometry = geometryOf(preprocessing);
  return row?.kind === "image" && row.geometries[0] === geometry ? name : `${name} --geometry ${geometry}`;
}
