import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { parquetWriteFile } from "hyparquet-writer";
import { expect, test } from "vitest";
import type { ImportReport } from "../../lib/dataset";
import { jpeg, temporaryFolder } from "./fixture";

const LARGE = join(__dirname, "..", "golden", "tables", "large");
const FAULTS = join(__dirname, "..", "..", "..", "shared", "faults");
const MAX_PEAK_BYTES = 500_000_000;
/** Only to end a test that hangs. */
const PATIENT = { timeout: 300_000 };

type Measured = ImportReport & { titles: string[]; peakBytes: number };

async function measured(file: string): Promise<Measured> {
  const folder = await temporaryFolder();
  for (const id of ["a", "b", "c"]) await writeFile(join(folder, "thumbnails", `${id}.jpg`), await jpeg(1));
  const program = ["--import", "tsx", join(__dirname, "measuring.ts"), file, join(folder, "thumbnails")];
  const { stdout } = await promisify(execFile)(process.execPath, program, { maxBuffer: 1 << 26 });
  return JSON.parse(stdout);
}

test.each(["bomb-zstd", "bomb-brotli-dictionary"])(
  "of %s the title of 500 MB is refused, in little memory",
  PATIENT,
  async (name) => {
    const { titles, refused, peakBytes } = await measured(join(LARGE, `${name}.parquet`));
    expect(titles).toEqual(["before", "after"]);
    expect(refused).toEqual([expect.objectContaining({ line: 2, code: "ROW_TOO_LONG" })]);
    expect(peakBytes).toBeLessThan(MAX_PEAK_BYTES);
  },
);

test("of a page that is packed by Snappy the title of 150 MB is refused, in little memory", PATIENT, async () => {
  const filename = join(await temporaryFolder(), "videos.parquet");
  const titles = ["before", "A".repeat(150_000_000), "after"];
  const times = ["2024-05-01", "2024-05-01", "2024-05-01"];
  const texts = { video_id: ["a", "b", "c"], channel_id: ["UC1", "UC1", "UC1"], title: titles, published_at: times };
  const columns = Object.entries({ ...texts, views: ["1", "2", "3"], collected_at: times });
  parquetWriteFile({ filename, columnData: columns.map(([name, data]) => ({ name, data, type: "STRING" as const })) });
  const report = await measured(filename);
  expect(report.titles).toEqual(["before", "after"]);
  expect(report.refused).toEqual([expect.objectContaining({ line: 2, code: "ROW_TOO_LONG" })]);
  expect(report.peakBytes).toBeLessThan(MAX_PEAK_BYTES);
});

test("a page of a million rows is read in little memory", PATIENT, async () => {
  const report = await measured(join(LARGE, "million.parquet"));
  expect(report).toMatchObject({ read: 1_000_000, inserted: 1, repeated: 999_999, refused: [] });
  expect(report.peakBytes).toBeLessThan(MAX_PEAK_BYTES);
});

test("very many refused rows are counted, and the first 10,000 listed", PATIENT, async () => {
  const file = join(await temporaryFolder(), "refused.csv");
  const header = "video_id,channel_id,title,published_at,views,collected_at\n";
  await writeFile(file, header + "a,b,c,d,e,f\n".repeat(200_000));
  const report = await measured(file);
  expect(report).toMatchObject({ read: 200_000, refusedRows: 200_000 });
  expect(report.refused).toHaveLength(10_000);
  expect(report.peakBytes).toBeLessThan(MAX_PEAK_BYTES);
});

const FAULT_TABLES: [file: string, rows: number, codes: string[]][] = [
  ["01-iso-dates-postgres-duckdb-offset.csv", 6, []],
  ["03-optional-counts-not-available.csv", 16, []],
  ["04-empty-rows-of-a-spreadsheet.csv", 3, []],
  ["06-duration-timedelta-us.parquet", 6, []],
  ["09-duration-interval.parquet", 6, []],
  ["cr.csv", 2, []],
  ["redos_duration_200k_blanks.csv", 1, ["ROW_TOO_LONG"]],
  ["bomb500MB.parquet", 1, ["ROW_TOO_LONG"]],
];

test.skipIf(!existsSync(FAULTS)).each(FAULT_TABLES)(
  "%s comes out right (needs ../shared/faults)",
  PATIENT,
  async (file, rows, codes) => {
    const { read, refused, peakBytes } = await measured(join(FAULTS, file));
    expect(read).toBe(rows);
    // Their pictures are not there, which is what is found wrong last.
    expect(refused.map(({ code }) => code).filter((code) => code !== "PICTURE_MISSING")).toEqual(codes);
    expect(peakBytes).toBeLessThan(MAX_PEAK_BYTES);
  },
);
