import { z } from "zod";
import { finish } from "../base";
import { resolvePaths } from "../config";
import type { CopiedTable, StoreMigration, StoreStatus } from "../store";
import { defineCommand } from "./command";
import { answer, CommonSettings, JsonSettings, print } from "./context";
import { progressBar } from "./progress";
import { table } from "./table";

const schemaCommand = defineCommand({
  name: "schema",
  summary: "print all migrations as one script, for Supabase's SQL editor or psql; it may be run again at any time",
  settings: {},
  examples: [""],
  async run() {
    const { schemaSql } = await import("../store");
    print(await schemaSql());
  },
});

const MigrateSettings = z
  .strictObject({
    dryRun: z.boolean().default(false).meta({ description: "only show which migrations would run" }),
  })
  .meta({ title: "Migration" });

const migrateCommand = defineCommand({
  name: "migrate",
  summary: "run the migrations that the store has not had yet; nothing stored is lost",
  settings: { work: MigrateSettings, common: CommonSettings },
  examples: ["", "--dry-run"],
  notes: "Every command that opens a store of PGlite or PostgreSQL does this first; Supabase by its REST API needs it.",
  async run({ work: { dryRun }, common }) {
    const { migrateStore, storeLocation } = await import("../store");
    const migrated = await migrateStore(storeLocation(resolvePaths(common.dataDir)), dryRun);
    answer(common, { ...migrated, dryRun }, migrationText(migrated, dryRun));
  },
});

const statusCommand = defineCommand({
  name: "status",
  summary: "show which store is used, its latest migration and the rows of each table",
  settings: { common: CommonSettings },
  examples: ["", "--json"],
  async run({ common }) {
    const { openDatabase, storeLocation, storeStatus } = await import("../store");
    const database = await openDatabase(storeLocation(resolvePaths(common.dataDir)));
    try {
      const status = await storeStatus(database);
      answer(common, status, statusText(status));
    } finally {
      await database.close();
    }
  },
});

const CopySettings = z
  .strictObject({
    // `copyBetween` validates these, and never repeats a value that may hold a password.
    from: z.string().min(1).max(4096).meta({
      placeholder: "store",
      description: "pglite:FOLDER, postgres (DATABASE_URL), postgres:VARIABLE, or supabase",
    }),
    to: z
      .string()
      .min(1)
      .max(4096)
      .meta({ placeholder: "store", description: "likewise; rows that exist only there are kept" }),
  })
  .meta({ title: "Stores" });

const copyCommand = defineCommand({
  name: "copy",
  summary: "copy one store into another and compare them; an interrupted copy continues",
  settings: { stores: CopySettings, common: JsonSettings },
  examples: ["--from pglite:data/store --to postgres"],
  notes: `Passwords and keys come only from the environment: DATABASE_URL, another variable named after "postgres:", or SUPABASE_URL
and SUPABASE_KEY. The folder of a home's store is data/store. Exits with 1 if the stores differ at the end.`,
  async run({ stores: { from, to }, common }) {
    const { copyBetween } = await import("../store");
    const copied = await finish(copyBetween(from, to), progressBar());
    answer(common, copied, copyText(copied));
    if (copied.some(({ equal }) => !equal)) process.exitCode = 1;
  },
});

export const storeCommand = defineCommand({
  name: "store",
  group: "Server",
  summary: "the store's schema, what it holds, and copies of it",
  settings: {},
  examples: ["status", "migrate"],
  subcommands: [schemaCommand, migrateCommand, statusCommand, copyCommand],
});

/** Formats what a migration did, or would do. */
export function migrationText({ store, migrations }: StoreMigration, dryRun: boolean): string {
  if (migrations.length === 0) return `${store} has had all migrations`;
  return [`${store} ${dryRun ? "has yet to get" : "got"}`, ...migrations].join("\n  ");
}

/** Formats a store's status. */
export function statusText({ store, migrations, tables }: StoreStatus): string {
  const rows = tables.map((each) => [each.table, each.rows]);
  return `${store}\n${migrations.length} migrations, the latest ${migrations.at(-1)}\n\n${table(["table", "rows"], rows)}`;
}

/** Formats the tables of a copy. */
export function copyText(copied: CopiedTable[]): string {
  const shown = copied.map(({ table: name, from, to, written, fromChecksum, toChecksum, equal }) => {
    const sums = equal ? fromChecksum.slice(0, 12) : `${fromChecksum.slice(0, 12)} and ${toChecksum.slice(0, 12)}`;
    return [name, from, to, written, sums, equal ? "equal" : "DIFFERENT"];
  });
  const differing = copied.filter(({ equal }) => !equal).map(({ table: name }) => name);
  const verdict =
    differing.length === 0
      ? "Both stores hold the same rows."
      : `Different: ${differing.join(", ")}. Rows that only the second store has are kept: copy into an empty one, or repeat the command if something was written meanwhile.`;
  return `${table(["table", "from", "to", "written", "checksum", ""], shown)}\n\n${verdict}`;
}
