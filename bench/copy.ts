// npm run bench copy [-- --videos 200000 --vectors 20000 --channels 1500 --json FILE]
// One store copied from PGlite to PostgreSQL, on to Supabase's stand-in, and back into another PGlite: counts and
// checksums of every table must be equal after each, and a copy repeated must write nothing.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { finish } from "../lib/base/progress";
import { table } from "../lib/cli/table";
import { type CopiedTable, copyStore, openDatabase, openStore } from "../lib/store";
import type { Database } from "../lib/store/database";
import { startPostgres } from "../tests/store/postgres";
import { startSupabase } from "../tests/supabase/supabase";
import { fillStore } from "./copy/fill";
import { conclude, count } from "./long/verdict";
import { withPeaks } from "./pairs/memory";

interface Leg {
  name: string;
  rows: number;
  written: number;
  seconds: number;
  nodeBytes: number;
  differing: string[];
  checksums: Record<string, string>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      videos: { type: "string", default: "200000" },
      vectors: { type: "string", default: "20000" },
      channels: { type: "string", default: "1500" },
      json: { type: "string" },
    },
  });
  const settings = {
    videos: count("videos", values.videos),
    vectors: count("vectors", values.vectors),
    channels: count("channels", values.channels),
  };
  const folder = await mkdtemp(join(tmpdir(), "thumbrank-copy-"));
  const server = await startPostgres(["fsync=on"]);
  const project = await startSupabase();
  if (server === null) throw new Error("this benchmark needs PostgreSQL");
  try {
    const paths = { store: join(folder, "first") };
    const databaseUrl = await server.createDatabase();
    const supabase = { url: project.url, key: project.serviceKey };
    const none = { store: "" };
    // Brings the project's schema up to date, as its owner does.
    await (await openStore({ paths: none, databaseUrl: project.databaseUrl })).close();
    const started = performance.now();
    await fillStore(paths, settings);
    console.log(`filled PGlite in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const stores = [
      { kind: "PGlite", location: { paths } },
      { kind: "PostgreSQL", location: { paths: none, databaseUrl } },
      { kind: "Supabase", location: { paths: none, supabase } },
      { kind: "another PGlite", location: { paths: { store: join(folder, "second") } } },
    ];
    const opened: Database[] = [];
    for (const { location } of stores) opened.push(await openDatabase(location));
    const legs: Leg[] = [];
    for (const again of ["", ", again"]) {
      for (const [at, to] of stores.entries()) {
        const from = stores[at - 1];
        const source = opened[at - 1];
        const target = opened[at];
        if (from === undefined || source === undefined || target === undefined) continue;
        legs.push(await measured(`${from.kind} to ${to.kind}${again}`, source, target));
      }
    }
    for (const database of opened) await database.close();
    await conclude({ check: "copy", settings, facts: { legs }, failures: failuresOf(legs) }, values.json);
  } finally {
    await server.stop();
    await project.stop();
    await rm(folder, { recursive: true });
  }
}

async function measured(name: string, from: Database, to: Database): Promise<Leg> {
  const { result, seconds, peaks } = await withPeaks(null, () => finish(copyStore(from, to)));
  const sum = (of: (copied: CopiedTable) => number) => result.reduce((total, copied) => total + of(copied), 0);
  const leg = {
    name,
    seconds,
    nodeBytes: peaks.nodeBytes,
    rows: sum((each) => each.from),
    written: sum((each) => each.written),
    differing: result.filter(({ equal }) => !equal).map((each) => each.table),
    checksums: Object.fromEntries(result.map((each) => [each.table, each.toChecksum])),
  };
  const rate = Math.round(leg.rows / seconds).toLocaleString("en-US");
  console.log(
    `${name}: ${leg.rows} rows in ${seconds.toFixed(1)} s (${rate} rows/s with comparing), ${leg.written} written, ${(leg.nodeBytes / 1e6).toFixed(0)} MB in Node`,
  );
  if (legs++ === 0)
    console.log(
      table(
        ["table", "rows", "checksum"],
        result.map((each) => [each.table, each.from, each.fromChecksum]),
      ),
    );
  return leg;
}
let legs = 0;

function failuresOf(legs: Leg[]): string[] {
  return legs.flatMap(({ name, differing, written, checksums }) => [
    ...differing.map((each) => `${name}: ${each} differs`),
    ...(JSON.stringify(checksums) === JSON.stringify(legs[0]?.checksums)
      ? []
      : [`${name}: other checksums than the first copy's`]),
    ...(name.endsWith("again") === (written === 0) ? [] : [`${name}: ${written} rows were written`]),
  ]);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
