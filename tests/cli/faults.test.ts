import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportModel } from "../../lib/deployment";
import { collect, openStore } from "../../lib/store";
import { trainedModel } from "../deployment/trained";
import { start } from "./thumbrank";

const FAULTS = join(__dirname, "..", "..", "..", "shared", "faults");
const PATIENT = { timeout: 300_000 };
const MAX_PEAK_BYTES = 1_000_000_000;
/** What must not reach a terminal, line breaks apart. */
const CONTROLS = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

/** What the tables of the folder are: rows, how many come into the store, and the codes of the refused ones. */
const TABLES: [file: string, read: number, stored: number, codes: string[]][] = [
  ["01-iso-dates-postgres-duckdb-offset.csv", 6, 6, []],
  ["03-optional-counts-not-available.csv", 16, 16, []],
  ["04-empty-rows-of-a-spreadsheet.csv", 3, 3, []],
  ["06-duration-timedelta-us.parquet", 6, 6, []],
  ["09-duration-interval.parquet", 6, 6, []],
  ["11-thumbnail-column-is-url.csv", 3, 3, []],
  ["cr.csv", 2, 2, []],
  ["redos_duration_200k_blanks.csv", 1, 0, ["ROW_TOO_LONG"]],
  ["terminal_escape_in_thumbnail_path.csv", 2, 0, ["PICTURE_MISSING", "ROW_NUMBER"]],
  ["bomb500MB.parquet", 1, 0, ["ROW_TOO_LONG"]],
];

/** Pictures that `rank` refuses, and words of the reason. */
const REFUSED_PICTURES: [file: string, reason: string][] = [
  ["bomb_tall3M.png", "16x200000"],
  ["svg.jpg", "not a JPEG, PNG or WebP"],
  ["svgfilter.jpg", "not a JPEG, PNG or WebP"],
];

interface Report {
  read: number;
  inserted: number;
  updated: number;
  unchanged: number;
  repeated: number;
  refused: { code: string }[];
}

describe.skipIf(!existsSync(FAULTS))("small inputs that once failed (needs ../shared/faults)", () => {
  let home: string;
  let thumbnails: string;

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "thumbrank-faults-"));
    thumbnails = join(home, "thumbnails");
    await mkdir(thumbnails);
    await copyFile(join(FAULTS, "vid00000000.JPG"), join(thumbnails, "vid00000000.JPG"));
    const ids = Array.from({ length: 15 }, (_, n) => `vid${String(n + 1).padStart(8, "0")}`);
    for (const id of [...ids, "aaaaaaaaaaa", "bbbbbbbbbbb"])
      await copyFile(join(FAULTS, "10-same-picture-upright.jpg"), join(thumbnails, `${id}.jpg`));
    await exportModel(join(home, "models"), await trainedModel());
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  /** Runs a command on the home, watching its memory where the system tells. */
  async function run(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const { child, outcome } = start([...args, "--data-dir", home, "--json"]);
    let isRunning = true;
    let peakBytes = 0;
    const watching = (async () => {
      while (isRunning) {
        peakBytes = Math.max(peakBytes, peakBytesOf(child.pid ?? 0));
        await sleep(50);
      }
    })();
    const { code, stdout, stderr } = await outcome;
    isRunning = false;
    await watching;
    expect(peakBytes).toBeLessThan(MAX_PEAK_BYTES);
    expect(stderr).not.toMatch(CONTROLS);
    return { code, stdout, stderr };
  }

  test.each(TABLES)("%s is imported as it should be", PATIENT, async (file, read, stored, codes) => {
    const { code, stdout } = await run("import", join(FAULTS, file), "--thumbnails", thumbnails);
    expect(code).toBe(stored === 0 ? 1 : 0);
    const report = JSON.parse(stdout) as Report;
    expect(report.read).toBe(read);
    expect(report.inserted + report.updated + report.unchanged).toBe(stored);
    expect(report.refused.map((refusal) => refusal.code)).toEqual(codes);
  });

  test("3,000,000 rows in one group of Parquet are read in slices", PATIENT, async () => {
    const { code, stdout } = await run("import", join(FAULTS, "rows3M.parquet"), "--thumbnails", thumbnails);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as Report).read).toBe(3_000_000);
  });

  test.each(["06-duration-timedelta-us.parquet", "09-duration-interval.parquet"])(
    "durations of %s are seconds",
    PATIENT,
    async (file) => {
      await run("import", join(FAULTS, file), "--thumbnails", thumbnails);
      const store = await openStore({ paths: { store: join(home, "data", "store") } });
      const videos = await collect(store.videos()).finally(() => store.close());
      expect(videos.find(({ videoId }) => videoId === "vid00000000")?.durationSeconds).toBe(253);
    },
  );

  test(
    "pictures that are no thumbnails are refused by name, the same picture turned gets the same score",
    PATIENT,
    async () => {
      for (const [file, reason] of REFUSED_PICTURES) {
        const { code, stderr } = await run("rank", join(FAULTS, file), "--model", "first");
        expect(code).toBe(1);
        expect(stderr).toContain("RANK_PICTURES_REFUSED");
        expect(stderr).toContain(file);
        expect(stderr).toContain(reason);
      }
      const both = ["10-exif-orientation-6.jpg", "10-same-picture-upright.jpg"].map((file) => join(FAULTS, file));
      const { code, stdout } = await run("rank", ...both, "--model", "first");
      expect(code).toBe(0);
      const { ranking } = JSON.parse(stdout) as { ranking: { score: number }[] };
      expect(ranking[0]?.score).toBeCloseTo(ranking[1]?.score ?? Number.NaN, 1);
    },
  );

  test("a table that names a picture by its address finds it by the video's id", PATIENT, async () => {
    const table = join(home, "upper.csv");
    const header = "video_id,channel_id,title,published_at,views,collected_at,thumbnail\n";
    const row = "vid00000000,UC1,T,2026-09-01,5000,2026-11-20,https://i.ytimg.com/vi/vid00000000/hqdefault.jpg\n";
    await writeFile(table, header + row);
    const { stdout } = await run("import", table, "--thumbnails", thumbnails);
    expect((JSON.parse(stdout) as Report).refused).toEqual([]);
  });
});

/** Peak resident memory of a process so far; 0 where the system does not tell or the process is gone. */
function peakBytesOf(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
