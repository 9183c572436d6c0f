import type { TableOptions } from "../../config";
import { COLUMNS } from "../../config";
import { TableUnreadable } from "../errors";
import type { TextBytes } from "./bytes";
import { readObjects } from "./json-objects";
import type { RawRow } from "./mapping";
import { listColumns, type Mapping, mapColumns, readCells, requireColumns } from "./mapping";

/** The columns are detected from the first objects, since JSON omits missing values. */
const HEAD_OBJECTS = 20;

/** Reads the rows of JSON files, and of several files as one table. */
export class JsonTable {
  readonly #options: TableOptions;
  readonly #notify: (note: string) => void;
  #mapping: Mapping | undefined;
  #playlists = 0;

  constructor(options: TableOptions, notify: (note: string) => void) {
    this.#options = options;
    this.#notify = notify;
  }

  get isRecognised(): boolean {
    return this.#mapping !== undefined;
  }

  /** Whether playlists were skipped and no video was found. */
  get hasOnlyPlaylists(): boolean {
    return this.#playlists > 0 && !this.isRecognised;
  }

  /**
   * Yields the rows of a file: an array of objects, objects one after another (also JSON lines), or one object. Nested
   * values are skipped.
   * @throws TableUnreadable, ColumnsMissing
   */
  async *rows(file: string, text: TextBytes): AsyncGenerator<RawRow> {
    let head: RawObject[] = [];
    for await (const { line, text: bytes, tooLong } of readObjects(text.chunks)) {
      const decoded = tooLong ? undefined : text.decode(bytes);
      head.push({ line, tooLong, values: decoded === undefined ? undefined : parseObject(decoded) });
      if (!this.#mapping && head.length < HEAD_OBJECTS) continue;
      yield* this.#read(file, head);
      head = [];
    }
    yield* this.#read(file, head);
  }

  *#read(file: string, all: RawObject[]): Generator<RawRow> {
    // yt-dlp writes a description of a playlist next to its videos.
    const objects = all.filter(({ values }) => values?.get("_type") !== "playlist");
    this.#playlists += all.length - objects.length;
    if (objects.length === 0) return;
    this.#mapping ??= this.#recognise(file, objects);
    for (const { line, tooLong, values } of objects) {
      if (tooLong) yield { line, fault: { code: "ROW_TOO_LONG", reason: "it is longer than 1 MB" } };
      else if (!values) yield { line, fault: { code: "ROW_SYNTAX", reason: "it is not a JSON object" } };
      else {
        const cells = readCells(this.#mapping, (name) => cellText(values.get(name)));
        if (cells) yield { line, cells };
      }
    }
  }

  #recognise(file: string, objects: RawObject[]): Mapping {
    const found = [...new Set(objects.flatMap(({ values }) => [...(values?.keys() ?? [])]))];
    if (found.length === 0) throw new TableUnreadable(file, "it holds no JSON object");
    const first = mapColumns(found, this.#options);
    requireColumns(file, found, first, this.#options.map);
    // Later objects may have what the first ones lack.
    const unseen = COLUMNS.filter((column) => !first.sources.has(column));
    const mapping = mapColumns([...found, ...listColumns(first.layout), ...unseen], this.#options);
    for (const note of mapping.notes) this.#notify(note);
    return mapping;
  }
}

interface RawObject {
  line: number;
  tooLong: boolean;
  values: Map<string, unknown> | undefined;
}

/** Returns a map, since a key may be called __proto__. */
function parseObject(text: string): Map<string, unknown> | undefined {
  const parsed = parseJson(text) ?? parseJson(withoutNotNumbers(text));
  return typeof parsed === "object" && parsed !== null ? new Map(Object.entries(parsed)) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The end of a string may be missing; the expression visits each character only once. */
const STRING_OR_NOT_NUMBER = /"(?:[^"\\]|\\[\s\S]?)*"?|-?(?:NaN|Infinity)\b/g;

/** Replaces NaN and Infinity, which Python writes but JSON does not allow. */
function withoutNotNumbers(text: string): string {
  return text.replace(STRING_OR_NOT_NUMBER, (found) => (found.startsWith('"') ? found : "null"));
}

function cellText(value: unknown): string {
  return value === null || value === undefined || typeof value === "object" ? "" : String(value);
}
