import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./files";

const MIGRATION = "alter table thumbnails add column average_view_seconds double precision;\n";
const FIELD = "  averageViewSeconds: z.number().nullish(),\n";

/** Writes videos with the planted column, and prints where it is found. */
const PROGRAM = `import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finish } from "./lib/base";
import { collect, copyStore, openDatabase, openStore, queryStore } from "./lib/store";
import { worldOf } from "./tests/store/world";

async function main() {
const home = mkdtempSync(join(tmpdir(), "thumbrank-planted-home-"));
const [one, other] = [{ store: join(home, "one") }, { store: join(home, "other") }];
const store = await openStore({ paths: one });
const [first, second, third] = worldOf(3, 2, 5);
const later = new Date(first.collectedAt.getTime() + 1000);
await store.upsertVideos([{ ...first, averageViewSeconds: 61.5 }, { ...second, averageViewSeconds: 7 }, third]);
await store.upsertVideos([{ ...first, collectedAt: later }, { ...second, averageViewSeconds: 8 }]);
const read = (await collect(store.videos())).map(({ averageViewSeconds }) => averageViewSeconds);
await store.close();
const [source, target] = [await openDatabase({ paths: one }), await openDatabase({ paths: other })];
const copied = await finish(copyStore(source, target));
await source.close();
await target.close();
const copy = await openStore({ paths: other });
const readCopy = (await collect(copy.videos())).map(({ averageViewSeconds }) => averageViewSeconds);
await copy.close();
const exported = await queryStore(other, "select average_view_seconds from thumbnails order by video_id");
rmSync(home, { recursive: true });
process.stdout.write(JSON.stringify({ read, readCopy, equal: copied.every(({ equal }) => equal), exported }));
}
void main();
`;

interface Found {
  /** By video id. */
  read: (number | null)[];
  readCopy: (number | null)[];
  equal: boolean;
  exported: Record<string, number | null>[];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "thumbrank-plant-column-"));
  for (const name of ["lib", "supabase", "tests/store/world.ts", "package.json", "tsconfig.json"])
    await cp(join(root, name), join(folder, name), { recursive: true });
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  // Two files: the migration, and its field.
  await writeFile(join(folder, "supabase/migrations/29990101000000_thumbrank_average_view.sql"), MIGRATION);
  const table = join(folder, "lib/store/video.ts");
  const text = await readFile(table, "utf8");
  await writeFile(
    table,
    text.replace("  trueCtr: z.number().nullable(),\n", (found) => found + FIELD),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("a column that is planted in two files is written, read, copied between stores and queried", async () => {
  await writeFile(join(folder, "program.ts"), PROGRAM);
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "program.ts"], { cwd: folder });
  const { read, readCopy, equal, exported } = JSON.parse(stdout) as Found;
  // What a later reading does not say is kept.
  expect(new Set(read)).toEqual(new Set([61.5, 8, null]));
  expect(readCopy).toEqual(read);
  expect(equal).toBe(true);
  expect(exported.map((row) => row.average_view_seconds)).toEqual(read);
});

test("everything else compiles with the two files", async () => {
  const tsc = join(root, "node_modules", "@typescript", "native", "bin", "tsc");
  const config = { extends: "./tsconfig.json", include: ["lib"] };
  await writeFile(join(folder, "tsconfig.planted.json"), JSON.stringify(config));
  await promisify(execFile)(process.execPath, [tsc, "-p", "tsconfig.planted.json"], { cwd: folder });
});
