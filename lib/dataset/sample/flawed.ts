import { join } from "node:path";
import { writeAtomically } from "../../files";
import { sharp } from "../../thumbnails";

const HEADER = "video_id,channel_id,title,published_at,views,collected_at";
const TIMES = { published: "2025-05-01T12:00:00Z", collected: "2025-06-01T12:00:00Z" };

/** The flaw of each row of the table, by video id. */
const ROWS: Record<string, Partial<Record<"title" | "published" | "views", string>>> = {
  "a-good-row": {},
  "views-in-words": { views: "1.2 million" },
  "no-title": { title: "" },
  "from-the-future": { published: "2025-06-02T12:00:00Z" },
  "no-picture": {},
  "cut-picture": {},
  "removed-video": {},
};

/**
 * Writes a small table into a folder, with one good row and a different flaw in every other row, to show what an import
 * reports.
 */
export async function writeFlawedTable(folder: string): Promise<{ file: string; thumbnails: string }> {
  const file = join(folder, "flawed.csv");
  const thumbnails = join(folder, "thumbnails");
  const rows = Object.entries(ROWS).map(
    ([id, { title = `About ${id}`, published = TIMES.published, views = "4200" }]) =>
      [id, "UCflawed", title, published, views, TIMES.collected].join(","),
  );
  await writeAtomically(file, `${[HEADER, ...rows].join("\n")}\n`);
  const whole = await picture(640, 360, [40, 120, 180]);
  for (const id of Object.keys(ROWS)) {
    if (id !== "no-picture") await writeAtomically(join(thumbnails, `${id}.jpg`), await makePicture(id, whole));
  }
  return { file, thumbnails };
}

async function makePicture(id: string, whole: Buffer): Promise<Buffer> {
  if (id === "cut-picture") return whole.subarray(0, whole.length / 2);
  return id === "removed-video" ? picture(120, 90, [128, 128, 128]) : whole;
}

/** One flat colour, red, green and blue of 0-255. */
function picture(width: number, height: number, [r, g, b]: [number, number, number]): Promise<Buffer> {
  const background = { r, g, b };
  return sharp({ create: { width, height, channels: 3, background } })
    .jpeg()
    .toBuffer();
}
