import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "../../base";
import type { Paths } from "../../config";
import { makeFolder, namesIn, readPlain, removeStale, sha256, writeAtomically } from "../../files";
import { sharp } from "../../thumbnails";
import { mapConcurrently } from "../concurrent";
import { drawPicture, HEIGHT, type Look, WIDTH } from "./draw";
import { formatTruth, readTruth } from "./truth";
import type { SampleVideo } from "./world";

/** Paths of a written sample world, ready to be imported. */
export interface SampleFiles {
  table: string;
  thumbnails: string;
  truth: string;
  /** Identifies the world whose drawing is in progress or was interrupted. */
  unfinished: string;
}

const BATCH = 24;
const CONCURRENT = 4;
const QUALITY = 88;
/** Standard deviation of the blur in pixels at sharpness 0; below the smallest value no blur is visible. */
const MOST_BLUR = 4.5;
const LEAST_BLUR = 0.4;

const COLUMNS: Record<string, (video: SampleVideo["video"]) => string | number | null> = {
  video_id: (video) => video.videoId,
  channel_id: (video) => video.channelId,
  channel_title: (video) => video.channelTitle,
  title: (video) => video.title,
  published_at: (video) => video.publishedAt.toISOString(),
  views: (video) => video.views,
  collected_at: (video) => video.collectedAt.toISOString(),
  duration: (video) => video.durationSeconds,
  likes: (video) => video.likes,
  comments: (video) => video.comments,
  subscribers: (video) => video.subscribers,
  language: (video) => video.language,
  niche: (video) => video.niche,
};

/** Some videos, and the home they belong to. */
interface HomeVideos {
  paths: Pick<Paths, "home">;
  data: { videos: readonly { videoId: string }[] };
}

/** The folder of the sample world's files in a home. */
export const sampleFolder = ({ home }: Pick<Paths, "home">) => join(home, "data", "sample");

/** The files of a sample world below a folder. */
export function sampleFiles(folder: string): SampleFiles {
  return {
    table: join(folder, "videos.csv"),
    thumbnails: join(folder, "thumbnails"),
    truth: join(folder, "truth.json"),
    unfinished: join(folder, "unfinished"),
  };
}

/**
 * Draws all pictures and writes the table and the truth into a folder; the same world gives the same bytes with the
 * same version of sharp. An earlier table is removed first and the new one written last, so a table exists only
 * together with all its pictures. An interrupted drawing continues with the missing pictures.
 */
export async function* writeSample(world: SampleVideo[], folder: string): AsyncGenerator<Progress, SampleFiles> {
  const files = sampleFiles(folder);
  const thumbnailPath = ({ video }: SampleVideo) => join(files.thumbnails, `${video.videoId}.jpg`);
  await makeFolder(files.thumbnails);
  const drawn = await drawnBefore(world, files);
  const left = world.filter(({ video }) => !drawn.has(`${video.videoId}.jpg`));
  for (let start = 0; start < left.length; start += BATCH) {
    yield { stage: "draw pictures", done: world.length - left.length + start, total: world.length };
    await mapConcurrently(left.slice(start, start + BATCH), CONCURRENT, async (video) => {
      await writeAtomically(thumbnailPath(video), await drawThumbnail(video.look));
    });
  }
  await writeAtomically(files.truth, formatTruth(world));
  await writeAtomically(files.table, formatTable(world));
  await rm(files.unfinished, { force: true });
  yield { stage: "draw pictures", done: world.length, total: world.length };
  return files;
}

/**
 * Pictures already drawn by an interrupted drawing of this same world. If there was none, the table and the pictures of
 * these videos are removed.
 */
async function drawnBefore(world: SampleVideo[], { table, thumbnails, unfinished }: SampleFiles): Promise<Set<string>> {
  const mark = sha256(Buffer.from(formatTruth(world)));
  await removeStale(thumbnails);
  if ((await textIn(unfinished)) === mark) return new Set(await namesIn(thumbnails));
  await rm(table, { force: true });
  for (const { video } of world) await rm(join(thumbnails, `${video.videoId}.jpg`), { force: true });
  await writeAtomically(unfinished, mark);
  return new Set();
}

/** Whether a folder holds this world, completely drawn, and not another one or a part of it. */
export async function isSampleWritten(world: SampleVideo[], folder: string): Promise<boolean> {
  const files = sampleFiles(folder);
  const [table, truth] = await Promise.all([files.table, files.truth].map(textIn));
  if (table !== formatTable(world) || truth !== formatTruth(world)) return false;
  const pictures = new Set(await namesIn(files.thumbnails));
  return world.every(({ video }) => pictures.has(`${video.videoId}.jpg`));
}

const textIn = (file: string): Promise<string | null> => readPlain(file).then(String, () => null);

/** Draws a 640x360 thumbnail as JPEG. */
export function drawThumbnail(look: Look): Promise<Buffer> {
  const picture = sharp(drawPicture(look), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });
  const sigma = MOST_BLUR * (1 - look.factors.sharpness) ** 2;
  return (sigma < LEAST_BLUR ? picture : picture.blur(sigma)).jpeg({ quality: QUALITY }).toBuffer();
}

/** True appeal by video, if a home holds the sample world and nothing else. */
export async function readTrueAppeal({ paths, data }: HomeVideos): Promise<ReadonlyMap<string, number> | undefined> {
  const truth = await readTruth(sampleFiles(sampleFolder(paths)).truth);
  return data.videos.every(({ videoId }) => truth?.has(videoId)) ? truth : undefined;
}

/** The world as the CSV table for the import. (No cell contains a comma or a quote.) */
function formatTable(world: SampleVideo[]): string {
  const rows = world.map(({ video }) => Object.values(COLUMNS).map((cell) => cell(video) ?? ""));
  return [Object.keys(COLUMNS), ...rows].map((cells) => `${cells.join(",")}\n`).join("");
}
