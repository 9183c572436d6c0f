import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { type Random, random } from "../../lib/base/random";

const COLUMNS = ["video_id", "channel_id", "title", "published_at", "views", "collected_at", "duration", "likes"];
const ROWS = 40;
const GOLDEN = join(__dirname, "..", "..", "tests", "golden", "tables");
const MAX_MUTATIONS = 4;

/** A table that some accident or enemy changed; a seed always gives the same one. */
export function mutatedTable(seed: number): { kind: string; bytes: Buffer } {
  const source = random("tables", seed);
  const kinds = Object.keys(TABLES);
  const kind = kinds[seed % kinds.length] ?? "";
  let bytes = TABLES[kind]?.(source) ?? Buffer.alloc(0);
  const isParquet = kind.startsWith("parquet");
  // Most changes to any byte of Parquet end at its footer; half of the files are changed in their pages alone.
  const mutations = isParquet ? (source.integer(2) === 0 ? PAGES : [...BYTES, ...PARQUET]) : [...BYTES, ...TEXT];
  const most = isParquet ? 2 : MAX_MUTATIONS;
  for (let left = 1 + source.integer(most); left > 0; left--) {
    bytes = mutations[source.integer(mutations.length)]?.(bytes, source) ?? bytes;
  }
  if (kind.endsWith("gz")) bytes = gzipSync(bytes, { level: 1 });
  if (kind === "damaged gz") bytes = BYTES[source.integer(BYTES.length)]?.(gzipSync(bytes), source) ?? bytes;
  return { kind, bytes };
}

/** Half of all tables are Parquet. */
const TABLES: Record<string, (source: Random) => Buffer> = {
  csv: csv(",", "\n"),
  "parquet of pyarrow and duckdb": (source) => golden(source),
  "csv of a spreadsheet": csv(";", "\r\n"),
  "parquet of pages": (source) => parquet(source, "SNAPPY"),
  "json lines": (source) => Buffer.from(objects(source).join("\n")),
  "parquet of pyarrow and duckdb, again": (source) => golden(source),
  "json array": (source) => Buffer.from(`[${objects(source).join(", ")}]`),
  "parquet uncompressed": (source) => parquet(source, "UNCOMPRESSED"),
  "csv gz": csv("\t", "\r"),
  "parquet of pyarrow and duckdb, once more": (source) => golden(source),
  "damaged gz": csv(",", "\n"),
  "parquet of pages, again": (source) => parquet(source, "SNAPPY"),
};

function rowsOf(source: Random): string[][] {
  const titles = ["Plain", "With, comma", 'A "quote"', "two\nlines", "\u00e9\u4e2d\u{1f600}", "-", ""];
  return Array.from({ length: ROWS }, (_, index) => [
    `v${index}`,
    "UC1",
    `${titles[source.integer(titles.length)]}${index}`,
    "2026-05-01 12:00:00+00",
    String(source.integer(1e6)),
    "2026-11-01T00:00:00Z",
    ["253", "PT4M13S", "4:13", "N/A"][source.integer(4)] ?? "",
    ["", "-", "5", "1,234,567"][source.integer(4)] ?? "",
  ]);
}

function csv(delimiter: string, end: string) {
  return (source: Random) => {
    const quoted = (cell: string) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
    return Buffer.from([COLUMNS, ...rowsOf(source)].map((cells) => cells.map(quoted).join(delimiter)).join(end));
  };
}

function objects(source: Random): string[] {
  return rowsOf(source).map((cells) =>
    JSON.stringify({ ...Object.fromEntries(cells.map((cell, at) => [COLUMNS[at], cell])), formats: [{ a: [1, "]"] }] }),
  );
}

function golden(source: Random): Buffer {
  const files = readdirSync(GOLDEN).filter((file) => file.endsWith(".parquet"));
  return readFileSync(join(GOLDEN, files[source.integer(files.length)] ?? ""));
}

function parquet(source: Random, codec: "SNAPPY" | "UNCOMPRESSED"): Buffer {
  const rows = rowsOf(source);
  const columnData = COLUMNS.map((name, at) => ({ name, data: rows.map((cells) => cells[at] ?? "") }));
  return Buffer.from(parquetWriteBuffer({ columnData, codec, rowGroupSize: 15, pageSize: 200 }));
}

type Mutation = (bytes: Buffer, source: Random) => Buffer;

const insert = (bytes: Buffer, at: number, part: Buffer, removed = 0) =>
  Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at + removed)]);
const place = (bytes: Buffer, source: Random) => source.integer(Math.max(1, bytes.length));

const BYTES: Mutation[] = [
  (bytes, source) => {
    const copy = Buffer.from(bytes);
    for (let left = 1 + source.integer(8); left > 0 && copy.length > 0; left--) {
      copy[place(copy, source)] = source.integer(256);
    }
    return copy;
  },
  (bytes, source) => {
    const copy = Buffer.from(bytes);
    const at = place(copy, source);
    if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << source.integer(8));
    return copy;
  },
  (bytes, source) => bytes.subarray(0, place(bytes, source)),
  (bytes, source) => insert(bytes, place(bytes, source), Buffer.alloc(0), source.integer(50)),
  (bytes, source) => insert(bytes, place(bytes, source), bytes.subarray(0, place(bytes, source))),
];

const INSERTED = ['"', ",", ";", "\0", "\r", "\n", "\r\n", '""', "{", "}", "[", "]", "\\", "\ufeff", "\u202e", "=1+1"];

const TEXT: Mutation[] = [
  (bytes, source) => insert(bytes, place(bytes, source), Buffer.from(INSERTED[source.integer(INSERTED.length)] ?? "")),
  (bytes, source) => insert(bytes, place(bytes, source), Buffer.from(INSERTED[source.integer(INSERTED.length)] ?? "")),
  (bytes, source) => {
    const filling = ["x", " ", "\n", ",", '"', "9", "[", "{"][source.integer(8)] ?? "x";
    return insert(bytes, place(bytes, source), Buffer.alloc(10 ** (3 + source.integer(5)), filling));
  },
  (bytes, source) => {
    const lines = bytes.toString("latin1").split("\n");
    const one = source.integer(lines.length);
    const other = source.integer(lines.length);
    [lines[one], lines[other]] = [lines[other] ?? "", lines[one] ?? ""];
    return Buffer.from(lines.join("\n"), "latin1");
  },
  (bytes) => Buffer.from(bytes.toString("utf8"), "utf16le"),
];

const PARQUET: Mutation[] = [
  // The footer has the schema, the types, the places of pages and the counts.
  (bytes, source) => {
    const copy = Buffer.from(bytes);
    const size = copy.length > 8 ? copy.readUInt32LE(copy.length - 8) : 0;
    for (let left = 1 + source.integer(6); left > 0 && size > 0 && size < copy.length - 8; left--) {
      copy[copy.length - 8 - size + source.integer(size)] = source.integer(256);
    }
    return copy;
  },
  // A number of many bytes in place of a short one.
  (bytes, source) => {
    const huge = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f]);
    const copy = Buffer.from(bytes);
    huge.copy(copy, place(copy, source));
    return copy;
  },
  (bytes, source) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 8) copy.writeUInt32LE(source.integer(2 ** 31) * 2, copy.length - 8);
    return copy;
  },
];

/** Headers, levels and values, before the footer. */
const PAGES: Mutation[] = [
  (bytes, source) => {
    const copy = Buffer.from(bytes);
    const footer = copy.length > 8 ? copy.readUInt32LE(copy.length - 8) + 8 : 0;
    const pages = Math.max(1, copy.length - footer - 4);
    for (let left = 1 + source.integer(2); left > 0; left--) copy[4 + source.integer(pages)] = source.integer(256);
    return copy;
  },
];
