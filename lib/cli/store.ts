import { Command } from "commander";
import { pathsOf } from "../config";
import { finish } from "../progress";
import type { CopiedTable, StoreStatus } from "../store";
import { answer, type CommonFlags, common, print } from "./context";
import { progressBar } from "./progress";
import { table } from "./table";

export function storeCommand(): Command {
  return new Command("store")
    .description("the store's schema, what it holds, and copies of it")
    .addCommand(schemaCommand())
    .addCommand(migrateCommand())
    .addCommand(statusCommand())
    .addCommand(copyCommand());
}

function schemaCommand(): Command {
  return new Command("schema")
    .description("print the whole schema, for Supabase's SQL editor or psql; it may be run again at any time")
    .action(async () => {
      const { schemaSql } = await import("../store");
      print(await schemaSql());
    });
}

function migrateCommand(): Command {
  return new Command("migrate")
    .description("bring the database of DATABASE_URL to this program's schema; nothing stored is lost")
    .option("--json", "print the result as JSON on stdout, and nothing else there")
    .action(async (flags: CommonFlags) => {
      const { locationOf, migrateDatabase } = await import("../store");
      const migrated = await migrateDatabase(locationOf("postgres").databaseUrl ?? "");
      answer(flags, migrated, `${migrated.store} has schema version ${migrated.version}`);
    });
}

function statusCommand(): Command {
  return common(
    new Command("status").description("show which store is used, its schema and the rows of each table"),
  ).action(async (flags: CommonFlags) => {
    const { openDatabase, storeLocation, storeStatus } = await import("../store");
    const database = await openDatabase(storeLocation(pathsOf(flags.dataDir)));
    try {
      const status = await storeStatus(database);
      answer(flags, status, statusText(status));
    } finally {
      await database.close();
    }
  });
}

function copyCommand(): Command {
  return new Command("copy")
    .description("copy all of one store into another, and compare them; a copy that was cut off goes on")
    .requiredOption("--from <store>", "pglite:FOLDER, postgres (DATABASE_URL), postgres:VARIABLE, or supabase")
    .requiredOption("--to <store>", "likewise; rows that are only there stay")
    .option("--json", "print the result as JSON on stdout, and nothing else there")
    .addHelpText("after", COPY_HELP)
    .action(async (flags: CommonFlags & { from: string; to: string }) => {
      const { copyBetween } = await import("../store");
      const copied = await finish(copyBetween(flags.from, flags.to), progressBar());
      answer(flags, copied, copyText(copied));
      if (copied.some(({ equal }) => !equal)) process.exitCode = 1;
    });
}

const COPY_HELP = `
Passwords and keys come from the environment alone: DATABASE_URL, another variable named after "postgres:", or SUPABASE_URL
and SUPABASE_KEY. The folder of a home's store is data/store. Ends with 1 where the stores differ at the end.`;

/** A status as text. */
export function statusText({ store, version, current, tables }: StoreStatus): string {
  const functions =
    current === null ? "" : current ? ", as this program has it" : ", with other functions than this program's";
  const rows = tables.map((each) => [each.table, each.rows]);
  return `${store}\nschema version ${version}${functions}\n\n${table(["table", "rows"], rows)}`;
}

/** A copy's tables as text. */
export function copyText(copied: CopiedTable[]): string {
  const shown = copied.map(({ table: name, from, to, written, fromChecksum, toChecksum, equal }) => {
    const sums = equal ? fromChecksum.slice(0, 12) : `${fromChecksum.slice(0, 12)} and ${toChecksum.slice(0, 12)}`;
    return [name, from, to, written, sums, equal ? "equal" : "DIFFERENT"];
  });
  const differing = copied.filter(({ equal }) => !equal).map(({ table: name }) => name);
  const verdict =
    differing.length === 0
      ? "Both stores hold the same rows."
      : `Different: ${differing.join(", ")}. Rows that only the second store has stay there: copy into an empty one, or repeat the command if somebody wrote meanwhile.`;
  return `${table(["table", "from", "to", "written", "checksum", ""], shown)}\n\n${verdict}`;
}
