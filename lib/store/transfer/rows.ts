import { escapeLiteral } from "pg";
import { copyLine } from "../bulk";
import type { Database } from "../database";
import type { Range, Table } from "./checksum";

interface ContentRow {
  key: string;
  content: string;
}

/** Upserts a range of one store's rows into another, by COPY if the server supports it, else in pages. */
export async function moveRows(from: Database, to: Database, table: Table, range: Range): Promise<void> {
  if (to.bulk !== undefined) {
    const { bulk } = from;
    const rows = () => (bulk === undefined ? readLines(from, table, range) : bulk.unload(contentsSql(table, range)));
    const load = { columns: "content jsonb", format: "text", rows } as const;
    await to.bulk.load(load, "select * from write_contents($1, null)", [table.name]);
    return;
  }
  for await (const batch of readPages(from, table, range)) {
    await to.call("write_contents", { of_table: table.name, batch: batch.map(({ content }) => content) });
  }
}

async function* readLines(from: Database, table: Table, range: Range): AsyncGenerator<string> {
  for await (const rows of readPages(from, table, range)) yield rows.map(({ content }) => copyLine(content)).join("");
}

/** Reads a range in pages. The next page is fetched while the current one is written. */
async function* readPages(from: Database, { name, page }: Table, { after, upto }: Range): AsyncGenerator<ContentRow[]> {
  const size = Math.min(page, from.pageRows);
  const read = (key: string | null) =>
    from.call<ContentRow>("contents_after", { of_table: name, after: key, upto, size });
  let next = read(after);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    if (last === undefined) return;
    next = read(last.key);
    // A caller that stops early never awaits it.
    next.catch(() => {});
    yield rows;
  }
}

/** COPY does not accept parameters, so the values are literals. */
function contentsSql({ name }: Table, { after, upto }: Range): string {
  const literal = (value: string | null) => (value === null ? "null" : escapeLiteral(value));
  return `select content from contents_after(${literal(name)}, ${literal(after)}, ${literal(upto)}, null)`;
}
